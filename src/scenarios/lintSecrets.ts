import { type AzCommand, flag, literal, texts } from './azCommands.ts';
import { eachCommand, type Finding, type LintedScenario } from './lintScenario.ts';
import { shellCommands } from './shellCommands.ts';

const SECRET_FLAG =
  /^--(.*-)?(password|secret|shared-key|account-key|storage-key|access-key|authorization-key|connection-string|sas-token|sas|client-secret|primary-key|secondary-key|pat|token|registry-password)$/;
const PRINTS_SECRETS =
  /(^| )(keys? (list|show|regenerate|renew)|list-keys|show-connection-string|generate-sas|list-connection-strings|credential (list|show|reset)|get-access-token|list-publishing-(credentials|profiles)|get-credentials|connection-string list|secrets list)$/;
/** `credential list --cert` and the like show dates and thumbprints. */
const HARMLESS = /^ad (app|sp) credential list$/;
const VARIABLE_OF_SECRET = /^(key|password|secret|token|sas)$|_(KEY|PASSWORD|SECRET|TOKEN)$/i;

/** No secret is on a command line (which processes and logs can see) or in the output (which becomes an event). */
export function lintSecrets(scenario: LintedScenario): Finding[] {
  const inCommands = eachCommand(
    scenario,
    'secrets',
    (command, { bindings }) => onCommandLine(command, bindings) ?? printed(command),
  );
  const inScripts = scenario.steps.flatMap(({ step }) =>
    shellCommands(step.script).flatMap(({ words, line, captured }) => {
      const program = literal(words[0]);
      // Builtins have no command line of their own; what they print counts when nothing catches it.
      if (captured && (program === 'printf' || program === 'echo')) return [];
      const leaked = words
        .slice(1)
        .flatMap(({ parts }) => parts)
        .find((part) => part.kind === 'variable' && VARIABLE_OF_SECRET.test(part.name));
      if (leaked?.kind !== 'variable' || !program || ['export', 'unset', 'test', '['].includes(program))
        return [];
      const message = `$${leaked.name} is on the command line of ${program}: hand it over in a file or in the environment`;
      return [
        { file: scenario.scenario.file, line: step.line + line - 1, rule: 'secrets' as const, message },
      ];
    }),
  );
  return [...inCommands, ...inScripts];
}

function onCommandLine(command: AzCommand, bindings: Parameters<typeof texts>[1]): string | undefined {
  for (const [name, words] of command.flags) {
    if (!SECRET_FLAG.test(name)) continue;
    const open = words.flatMap((word) => texts(word, bindings)).find((text) => !text.startsWith('@'));
    if (open !== undefined)
      return `${name} carries a secret on the command line: write it to a file and give @file`;
  }
  if (command.path === 'keyvault secret set' && flag(command, '--value')) {
    return '--value carries a secret on the command line: use --file';
  }
  return undefined;
}

function printed(command: AzCommand): string | undefined {
  if (command.captured || !PRINTS_SECRETS.test(command.path) || HARMLESS.test(command.path)) return undefined;
  if (literal(flag(command, '--output', '-o')?.[0]) === 'none') return undefined;
  if (flag(command, '--file', '-f')) return undefined;
  return `"az ${command.path}" prints a secret: send it to a file or add --output none`;
}
