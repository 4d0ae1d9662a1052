import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { runScript } from '../../../agent/shell.ts';
import type { Scenario } from '../../../src/domain/scenario.ts';
import { azCommands } from '../../../src/scenarios/azCommands.ts';
import { loadScenarios } from '../../../src/scenarios/load.ts';
import { parseScenario } from '../../../src/scenarios/parse.ts';
import { type StandIn, startStandIn } from '../../azure/standin.ts';
import { azVersion } from '../../scenarios/azCli.ts';
import { runCommand } from '../../stack/command.ts';
import { signedOutAgent } from './agent.ts';
import { requireRealAz, startRealAz } from './realAz.ts';

const SCENARIOS = path.resolve(import.meta.dirname, '../../../scenarios');
const STEP_TIMEOUT_MS = 60_000;
const AT_ONCE = 2;
const UNLIMITED = { capacity: 1_000_000, perSecond: 1_000_000 };
const FAST = {
  graphReplication: 0,
  principalPropagation: 0,
  rolePropagation: 0,
  resourceCreate: 50,
  resourceDelete: 50,
  groupDelete: 50,
};

interface Attempt {
  readonly command: string;
  readonly code: number;
  readonly error: string;
}

/**
 * `node local/az/real/coverage.ts [scenario ids]`: performs every step of the scenarios once with the Azure CLI of this
 * machine against the stand-in, and prints how many of their distinct commands worked at least once, and what became of the
 * others. Without ids: all that agents perform, which takes an hour of two processors. Ends with one JSON line.
 */
await runCommand(async () => {
  const python = requireRealAz();
  const work = mkdtempSync(path.join(tmpdir(), 'real-az-'));
  const standIn = await startStandIn({
    workDir: work,
    delays: FAST,
    limits: { resourceGraph: UNLIMITED, reads: UNLIMITED, deletes: UNLIMITED },
  });
  const az = await startRealAz();
  try {
    const wanted = process.argv.slice(2);
    const { scenarios } = await loadScenarios(SCENARIOS);
    const chosen = scenarios.filter(({ id, requires }) =>
      wanted.length === 0 ? !requires.includes('entra') : wanted.includes(id),
    );
    const commands = new Set<string>();
    const attempts: Attempt[] = [];
    const queue = [...chosen];
    const perform = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const parsed = parseScenario(next.file, readFileSync(path.join(SCENARIOS, next.file), 'utf8'));
        if (!parsed.ok) continue;
        const steps = Object.values(parsed.phases).flat();
        for (const { script } of steps)
          for (const { path: name } of azCommands(script).commands) commands.add(name);
        const tried = await performSteps(
          standIn,
          az.command,
          work,
          next,
          steps.map(({ script }) => script),
        );
        attempts.push(...tried);
        console.log(
          `${next.id}: ${tried.filter(({ code }) => code === 0).length} of ${tried.length} calls worked`,
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, perform));
    report(azVersion(python), chosen.length, [...commands].sort(), attempts);
  } finally {
    await az.stop();
    await standIn.stop();
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
});

/** Performs the steps of a scenario in order, whatever becomes of each. */
async function performSteps(
  standIn: StandIn,
  az: string,
  work: string,
  { id, requires }: Scenario,
  scripts: readonly string[],
): Promise<Attempt[]> {
  const home = path.join(work, id);
  mkdirSync(path.join(home, 'bin'), { recursive: true });
  const record = path.join(home, 'attempts');
  writeFileSync(record, '');
  program(home, 'sleep', 'exit 0');
  program(
    home,
    'az',
    `${az} "$@" 2>"${home}/stderr"; code=$?; cat "${home}/stderr" >&2`,
    `words=""; for word in "$@"; do case "$word" in -*) break;; *) words="$words $word";; esac; done`,
    `printf '%s\\t%s\\t%s\\n' "\${words# }" "$code" "$(grep -v '^WARNING\\|^Traceback\\|^ ' "${home}/stderr" | head -2 | tr '\\n\\t' '  ')" >> "${record}"`,
    'exit $code',
  );
  const { env, signIn } = signedOutAgent(standIn, { group: `hm-0f1e2d3c-${id}`, home, requires });
  const first = await runScript(signIn, { env, timeoutMs: STEP_TIMEOUT_MS });
  if (first.exitCode !== 0) throw new Error(`the Azure CLI does not sign in: ${first.stderr}`);
  for (const script of scripts)
    await runScript(script, { env: { ...env, SCENARIO_ID: id }, timeoutMs: STEP_TIMEOUT_MS });
  return readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [command = '', code, error = ''] = line.split('\t');
      return { command, code: Number(code), error: error.trim() };
    });
}

function program(home: string, name: string, ...lines: string[]): void {
  const file = path.join(home, 'bin', name);
  writeFileSync(file, `#!/bin/bash\n${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
}

function report(
  version: string,
  scenarios: number,
  commands: readonly string[],
  attempts: readonly Attempt[],
): void {
  const worked = new Set(attempts.filter(({ code }) => code === 0).map(({ command }) => command));
  const failed = commands.filter((command) => !worked.has(command));
  for (const command of failed) {
    const why = attempts.find((attempt) => attempt.command === command)?.error ?? 'never reached';
    console.log(`  az ${command}: ${why.slice(0, 160)}`);
  }
  console.log(
    `The Azure CLI ${version} performs ${commands.length - failed.length} of the ${commands.length} distinct commands.`,
  );
  const counts = { scenarios, commands: commands.length, worked: commands.length - failed.length };
  console.log(JSON.stringify({ azureCli: version, ...counts, failed }));
}
