import { homedir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from './commands.ts';
import { Invocation } from './invocation.ts';
import { render } from './output.ts';
import { CliError } from './session.ts';
import { openStore } from './store.ts';

const UNKNOWN = 2;

/**
 * A stand-in for the Azure CLI: the part of it that scenarios use, performed against whatever answers under Azure's names.
 * Exit codes as the real one: 0, 1 for a refusal, 2 for a command line it does not know, 3 for what does not exist.
 */
try {
  const invocation = new Invocation(process.argv.slice(2));
  const command = commandOf(invocation.path);
  if (!command) throw new CliError(`"az ${invocation.path}" is unknown to the shim.`, UNKNOWN);
  const data = process.env.AZ_SHIM_DATA ?? join(homedir(), '.azure', 'pretended.json');
  const result = await command(invocation, openStore(data));
  process.stdout.write(render(result, invocation.value('query'), invocation.value('output') ?? 'json'));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`ERROR: ${message}`);
  process.exitCode = error instanceof CliError ? error.exitCode : 1;
}
