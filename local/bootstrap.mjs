#!/usr/bin/env node
/**
 * The door to every npm script: installs what is missing, then runs local/<command>.ts on the project's own Node 22.
 * Plain JavaScript without dependencies: it has to run on any Node from 20 on, before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const SHOWN_LINES = 15;
const COMMANDS = [
  'start',
  'dev',
  'test',
  'build',
  'check',
  'checkScenarios',
  'package',
  'torture',
  'verifyProof',
  'fuzzApi',
  'bench',
  'screenshots',
  'apiDocs',
  'recordHistories',
];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lockPath = path.join(root, 'package-lock.json');
const stampPath = path.join(root, 'node_modules', '.haymaker-lock');

/** What usually went wrong when npm said this, and what to do about it. */
const INSTALL_ADVICE = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network/i,
    'The npm registry was not reached. Check the network, or the proxy and registry in your npm configuration.',
  ],
  [/ENOSPC/, 'The disk is full: the install needs about 1 GB.'],
  [
    /EACCES|EPERM/,
    'Files in node_modules belong to another user or are in use. Remove node_modules and repeat.',
  ],
  [
    /EUSAGE|can only install packages when/i,
    'package.json and package-lock.json disagree. Run "npm install", then repeat.',
  ],
];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const command = process.argv[2];
if (!command || !COMMANDS.includes(command)) {
  process.stderr.write(`usage: node local/bootstrap.mjs <${COMMANDS.join('|')}> [arguments]\n`);
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(
    `Node ${process.versions.node} is too old: ${OLDEST_NODE} or newer is needed to install. See https://nodejs.org/en/download.`,
  );
}

await installWhenNeeded();
await run(command, process.argv.slice(3));

async function installWhenNeeded() {
  if (!existsSync(lockPath)) fail(`package-lock.json is missing in ${root}: is the clone complete?`);
  const lockHash = createHash('sha256').update(readFileSync(lockPath)).digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === lockHash) return;
  if (!isInstalled()) {
    const why = existsSync(path.join(root, 'node_modules'))
      ? 'package-lock.json has changed'
      : 'first start in this folder';
    await install(why);
  }
  writeFileSync(stampPath, lockHash);
}

/** True when npm's own record of node_modules has everything that package-lock.json asks for: somebody ran npm ci. */
function isInstalled() {
  const recordPath = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordPath)) return false;
  const installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages;
  const wanted = Object.entries(JSON.parse(readFileSync(lockPath, 'utf8')).packages);
  return wanted.every(
    ([name, entry]) =>
      name === '' || (installed[name] ? installed[name].version === entry.version : entry.optional),
  );
}

async function install(why) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  process.stderr.write(`Installing the dependencies with npm ci (${why}); this takes a minute or two.\n`);
  const live = process.stderr.isTTY;
  const ticker = setInterval(
    () =>
      process.stderr.write(live ? `\r  ${seconds()} s ` : `  npm ci has been running for ${seconds()} s\n`),
    live ? 1_000 : 15_000,
  );
  const { code, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(ticker);
  if (live) process.stderr.write('\r');
  if (code !== 0) {
    const advice = INSTALL_ADVICE.find(([pattern]) => pattern.test(output))?.[1];
    fail(
      `${firstLines(output)}\n\nnpm ci failed after ${seconds()} s. ${advice ?? 'What npm said is above; "npm ci" repeats it.'}`,
    );
  }
  process.stderr.write(`Installed in ${seconds()} s.\n`);
}

/** npm says first what went wrong, and then how it can be called. */
function firstLines(output) {
  return output.trim().split('\n').slice(0, SHOWN_LINES).join('\n');
}

/** Runs npm (the one that started us, when one did); its output is kept, not shown. */
function npm(args) {
  const caller = process.env.npm_execpath;
  const viaNode = caller && /^(npm-cli\.c?js)$/.test(path.basename(caller));
  const child = viaNode
    ? spawn(process.execPath, [caller, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn('npm', args, {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: process.platform === 'win32',
      });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.on('error', (error) =>
      fail(
        error.code === 'ENOENT'
          ? 'npm was not found on the PATH. It comes with Node: see https://nodejs.org/en/download.'
          : `npm could not be started: ${error.message}`,
      ),
    );
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Runs local/<name>.ts on Node 22 and ends as it ends. */
async function run(name, args) {
  const binary = path.join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    fail(
      `Node 22 is not at ${binary}: npm did not run the install script of the package "node". ` +
        'Run "npm rebuild node" (without --ignore-scripts), then repeat.',
    );
  }
  const script = path.join(root, 'local', `${name}.ts`);
  const child = spawn(binary, [script, ...args], {
    cwd: root,
    // The channel carries nothing: its end tells the command that we are gone, even after kill -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  leaveWithNpm(child);
  const [code, signal] = await new Promise((resolve) => {
    child.on('error', (error) => fail(`${binary} could not be started: ${error.message}`));
    child.on('exit', (...end) => resolve(end));
  });
  process.exitCode = signal ? 128 + constants.signals[signal] : code;
}

/** npm that was killed outright passes no signal on: notice that it is no longer our parent. */
function leaveWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1_000).unref();
}
