import type { AzCommand } from './azCommands.ts';
import { flag, texts } from './azCommands.ts';
import { eachCommand, type Finding, type LintedScenario } from './lintScenario.ts';

/** Rights that are used are declared in `requires`, and rights that are declared are used. */
export function lintRights(scenario: LintedScenario): Finding[] {
  const { requires, file } = scenario.scenario;
  const used = new Set<string>();
  const findings = eachCommand(scenario, 'rights', (command, { bindings }) => {
    const right = rightFor(command, bindings);
    if (!right) return undefined;
    used.add(right);
    return requires.includes(right) ? undefined : `"az ${command.path}" needs requires: [${right}]`;
  });
  for (const right of requires) {
    if (!used.has(right)) {
      const message = `requires: [${right}] is declared and no command needs it: remove it`;
      findings.push({ file, line: 1, rule: 'rights', message });
    }
  }
  return findings;
}

function rightFor(command: AzCommand, bindings: Parameters<typeof texts>[1]) {
  if (/^ad\b/.test(command.path)) return 'entra' as const;
  if (/^role (assignment|definition) (create|delete|update)\b/.test(command.path))
    return 'role-assignment' as const;
  if (
    /^policy (assignment|exemption|definition|set-definition) (create|delete|update)\b/.test(command.path)
  ) {
    return 'role-assignment' as const;
  }
  const urls = command.path === 'rest' ? (flag(command, '--url', '--uri', '-u') ?? []) : [];
  const isGraph = urls
    .flatMap((word) => texts(word, bindings))
    .some((url) => /graph\.microsoft\.com/.test(url));
  return isGraph ? ('entra' as const) : undefined;
}
