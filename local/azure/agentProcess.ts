import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { AgentEvent } from '../../src/domain/event.ts';
import type { AgentProgress } from './agentScript.ts';
import type { ContainerContext } from './containerAppsExecution.ts';

/** Exit code of a process that SIGKILL ended. */
const KILLED = 137;
const TETHER = new URL('../stack/tether.mjs', import.meta.url).href;
const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const SHIM = path.join(REPOSITORY, 'local', 'az', 'dist', 'az.mjs');

export interface AgentImage {
  /** The program of the image. */
  readonly agentFile: string;
  /** What is `az` in the image: words of a shell that come before those of the command. */
  readonly az: string;
  readonly scenariosDir: string;
  /** Where logs and the file systems of containers are. */
  readonly workDir: string;
}

/**
 * The image as it is built from this repository (local/stack/bundleAgent.ts). Its `az` is the shim, unless another one is
 * given.
 */
export function builtImage(workDir: string, az?: string): AgentImage {
  return {
    agentFile: path.join(REPOSITORY, 'agent', 'dist', 'haymaker-agent.mjs'),
    az: az ?? `"${process.execPath}" --disable-warning=UNDICI-EHPA "${SHIM}"`,
    scenariosDir: path.join(REPOSITORY, 'scenarios'),
    workDir: path.join(workDir, 'agents'),
  };
}

/**
 * Runs the real agent as a child process with the environment of its container and nothing of ours but the PATH. SIGTERM
 * and SIGKILL reach it as Container Apps would send them; SIGKILL takes everything that it has started along. Resolves to
 * the exit code.
 */
export async function runAgentProcess(
  image: AgentImage,
  context: ContainerContext,
  progress: AgentProgress,
): Promise<number> {
  const { agentFile, scenariosDir, workDir } = image;
  mkdirSync(workDir, { recursive: true });
  const log = createWriteStream(path.join(workDir, `${progress.agentId}.log`), { flags: 'a' });
  const disk = mkdtempSync(path.join(workDir, `${progress.agentId}-`));
  const limits = context.memoryMiB === undefined ? [] : [`--max-old-space-size=${context.memoryMiB}`];
  const child = spawn(
    process.execPath,
    [...limits, '--disable-warning=UNDICI-EHPA', '--import', TETHER, agentFile],
    {
      cwd: disk,
      env: {
        ...context.env,
        ...forOtherPrograms(context.env),
        PATH: `${installAz(image)}:${process.env.PATH ?? '/usr/bin:/bin'}`,
        HOME: disk,
        TMPDIR: disk,
        AGENT_SCENARIOS_DIR: scenariosDir,
      },
      // Its standard input ends with us, and so does the agent then.
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    },
  );
  child.stdin.on('error', () => killTree(child.pid));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  createInterface({ input: child.stdout }).on('line', (line) => follow(progress, line));
  const terminate = () => child.kill('SIGTERM');
  const kill = () => killTree(child.pid);
  context.terminate.addEventListener('abort', terminate, { once: true });
  context.kill.addEventListener('abort', kill, { once: true });
  if (context.terminate.aborted) terminate();
  if (context.kill.aborted) kill();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? KILLED));
    });
  } finally {
    context.terminate.removeEventListener('abort', terminate);
    context.kill.removeEventListener('abort', kill);
    log.end();
    rmSync(disk, { recursive: true, force: true });
  }
}

/**
 * Programs that are not Node look for proxies and certificates in places of their own. Plain http goes to the proxy, too,
 * which refuses it: nothing that a scenario does may leave this machine.
 */
function forOtherPrograms(env: Readonly<Record<string, string>>): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: proxy } = env;
  return {
    ...(ca ? { REQUESTS_CA_BUNDLE: ca, CURL_CA_BUNDLE: ca } : {}),
    ...(proxy ? { HTTP_PROXY: proxy, http_proxy: proxy } : {}),
  };
}

/** A folder with an `az` that is ours; what it keeps of the data planes is kept by resource group. */
function installAz({ az, workDir }: AgentImage): string {
  const folder = path.join(workDir, 'bin');
  mkdirSync(folder, { recursive: true });
  const lines = [
    '#!/bin/sh',
    `export AZ_SHIM_DATA="${path.join(workDir, 'data')}/$RESOURCE_GROUP.json"`,
    `exec ${az} "$@"`,
  ];
  writeFileSync(path.join(folder, 'az'), `${lines.join('\n')}\n`, { mode: 0o755 });
  return folder;
}

/** The agent writes its events to its standard output, too. */
function follow(progress: AgentProgress, line: string): void {
  if (!line.startsWith('{')) return;
  const parsed = AgentEvent.safeParse(JSON.parse(line));
  if (!parsed.success) return;
  const { event_type: type, message, resource_id: id } = parsed.data;
  progress.eventsSent += 1;
  if (type !== 'heartbeat') progress.state = message;
  if (type === 'resource_created' && id) progress.made.push(id);
  if (type === 'resource_deleted' && id) progress.removed.push(id);
}

/** SIGKILL for a process and all its descendants, which have process groups of their own. */
export function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')) {
    const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const doomed = [pid];
  for (const each of doomed) doomed.push(...(children.get(each) ?? []));
  for (const each of doomed) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
