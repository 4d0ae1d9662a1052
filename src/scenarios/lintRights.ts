import { DELEGABLE_ROLES } from '../domain/roles.ts';
import type { AzCommand } from './azCommands.ts';
import { flag, texts } from './azCommands.ts';
import { eachCommand, type Finding, type LintedScenario } from './lintScenario.ts';

/** Rights that are used are declared in `requires`, and rights that are declared are used; roles are those that may be handed on. */
export function lintRights(scenario: LintedScenario): Finding[] {
  const { requires, file } = scenario.scenario;
  const used = new Set<string>();
  const findings = eachCommand(scenario, 'rights', (command, { bindings }) => {
    if (NOBODYS.test(command.path)) return `"az ${command.path}" needs a right that no agent is given`;
    const right = rightFor(command, bindings);
    if (!right) return undefined;
    used.add(right);
    const role = roleOf(command, bindings);
    if (role !== undefined && !DELEGABLE_ROLES.some(({ name }) => name === role)) {
      const may = DELEGABLE_ROLES.map(({ name }) => name).join(', ');
      return `the role "${role}" cannot be handed on by an agent; these can: ${may}`;
    }
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

/** Policies, locks and roles of one's own: an agent's rights do not reach there (domain/roles.ts). */
const NOBODYS =
  /^(?:role definition|policy (?:assignment|exemption|definition|set-definition)|lock) (?:create|delete|update)\b/;

/** The role that is handed on, when it is written out. */
function roleOf(command: AzCommand, bindings: Parameters<typeof texts>[1]): string | undefined {
  if (command.path !== 'role assignment create') return undefined;
  const roles = (flag(command, '--role') ?? []).flatMap((word) => texts(word, bindings));
  return roles.find((role) => !DELEGABLE_ROLES.some(({ name }) => name === role)) ?? roles[0];
}

function rightFor(command: AzCommand, bindings: Parameters<typeof texts>[1]) {
  if (/^ad\b/.test(command.path)) return 'entra' as const;
  if (/^role assignment (create|delete|update)\b/.test(command.path)) return 'role-assignment' as const;
  const urls = command.path === 'rest' ? (flag(command, '--url', '--uri', '-u') ?? []) : [];
  const isGraph = urls
    .flatMap((word) => texts(word, bindings))
    .some((url) => /graph\.microsoft\.com/.test(url));
  return isGraph ? ('entra' as const) : undefined;
}
