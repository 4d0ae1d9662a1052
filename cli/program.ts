import { Command, Option } from 'commander';
import { VERSION } from '../src/version.ts';
import { addAgents } from './commands/agents.ts';
import { addCleanup } from './commands/cleanup.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDeploy } from './commands/deploy.ts';
import { addLogs } from './commands/logs.ts';
import { addMetrics } from './commands/metrics.ts';
import { addOrch } from './commands/orch.ts';
import { addResources } from './commands/resources.ts';
import { addRuns } from './commands/runs.ts';
import { addScenarios } from './commands/scenarios.ts';
import { addStatus } from './commands/status.ts';
import { addWatch } from './commands/watch.ts';
import { FORMATS } from './output/output.ts';
import { registerIn } from './register.ts';
import type { World } from './session.ts';

const EXIT_CODES = `
Ends with: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 unreachable, 130 Ctrl-C.
After npm run dev: haymaker --endpoint http://127.0.0.1:7071 status`;

/** Every command of `haymaker`. Options of the whole command may stand before or after the words of a command. */
export function createProgram(world: World): Command {
  const program = new Command('haymaker')
    .description('Azure HayMaker: start runs, watch them, and see that nothing is left behind.')
    .version(VERSION, '-V, --version', 'the version of this command')
    .addOption(new Option('--profile <name>', 'the profile to use (HAYMAKER_PROFILE)'))
    .addOption(new Option('--endpoint <url>', 'where the app is, instead of a profile (HAYMAKER_ENDPOINT)'))
    .addOption(new Option('--format <format>', 'how results are written').choices(FORMATS).default('table'))
    .option('--json', 'the same as --format json')
    .option('-v, --verbose', 'say what caused a failure')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see what it takes.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  const register = registerIn(world);
  for (const add of [
    ...[addStatus, addWatch, addDeploy, addRuns, addAgents, addLogs, addResources, addMetrics, addCleanup],
    ...[addScenarios, addConfig, addOrch, addCompletion],
  ]) {
    add(program, register);
  }
  return program;
}
