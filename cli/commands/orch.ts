import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../exit.ts';
import { checksOf } from '../orchestrator/checks.ts';
import { type Facts, gatherFacts, type Probe } from '../orchestrator/facts.ts';
import { renderFields, type Screen } from '../output/table.ts';
import { clip, coloured, count, instant, printable, span } from '../output/text.ts';
import type { Register } from '../register.ts';
import { addOrchLogs } from './orchLogs.ts';
import { addOrchReplicas } from './orchReplicas.ts';

export function addOrch(program: Command, register: Register): void {
  const orch = program
    .command('orch')
    .description('the orchestrator itself: host, functions, task hub, logs');
  register<object>(
    orch.command('status').description('the app, its host, its functions and its task hub'),
    async (session) => {
      const facts = await gatherFacts(session);
      if (!facts.health.ok && !facts.host.ok) throw new CommandFailure(EXIT.unreachable, facts.health.why);
      session.out.result(statusData(facts), (screen) => orchStatusView(facts, screen));
    },
  );
  addOrchReplicas(orch, register);
  addOrchLogs(orch, register);
  register<object>(
    orch.command('health').description('checks with advice; ends with 1 when one fails'),
    async (session) => {
      const checks = checksOf(await gatherFacts(session));
      session.out.result(checks, (screen) =>
        checks
          .map(({ check_name, status, message, suggestions }) => {
            const line = `${coloured(status, screen.colours)}  ${check_name.padEnd(16)}${printable(message)}`;
            return [line, ...suggestions.map((each) => `      ${screen.colours.dim(each)}`)].join('\n');
          })
          .join('\n'),
      );
      const failed = checks.filter(({ status }) => status === 'FAIL').length;
      if (failed > 0) throw new CommandFailure(EXIT.failed, `${count(failed, 'check')} failed.`);
    },
  );
}

function statusData({
  endpoint,
  health,
  api,
  host,
  functions,
  live,
  failed,
}: Facts): Record<string, unknown> {
  const data = <T>(probe: Probe<T>) => (probe.ok ? probe.value : { not_known: probe.why });
  return {
    endpoint,
    app: data(health),
    api: data(api),
    host: data(host),
    functions: data(functions),
    task_hub: { live: data(live), failed_within_a_day: data(failed) },
  };
}

/** The orchestrator as people read it; what the key does not open says so. Pure. */
export function orchStatusView(facts: Facts, screen: Screen): string {
  const { colours } = screen;
  const shown = <T>(probe: Probe<T>, words: (value: T) => string) =>
    probe.ok ? words(probe.value) : colours.dim(hidden(probe));
  const fields = renderFields(
    [
      ['Endpoint', facts.endpoint],
      [
        'App',
        shown(
          facts.health,
          (health) => `${coloured(health.status, colours)}, version ${printable(health.version)}`,
        ),
      ],
      [
        'API',
        shown(facts.api, (api) => `${coloured(api.status, colours)}, next run ${instant(api.next_run)}`),
      ],
      ['Host', shown(facts.host, (host) => hostWords(host.state, host.version, host.processUptime))],
      ['Functions', shown(facts.functions, (functions) => String(functions.length))],
      ['Task hub', shown(facts.live, (live) => `${count(live.length, 'orchestration')} live`)],
      ['Failed', shown(facts.failed, (failed) => `${failed.length} within a day`)],
    ],
    screen,
  );
  const instances = facts.live.ok ? facts.live.value : [];
  const rows = instances.map(({ name, instanceId, runtimeStatus }) =>
    clip(
      `  ${printable(runtimeStatus).padEnd(11)}${printable(name).padEnd(28)}${printable(instanceId)}`,
      screen.columns ?? 1_000,
    ),
  );
  return rows.length === 0
    ? fields
    : `${fields}\n\n${colours.bold('Live orchestrations')}\n${rows.join('\n')}`;
}

function hostWords(
  state: string,
  version: string | null | undefined,
  uptimeMs: number | null | undefined,
): string {
  return [
    printable(state),
    ...(version ? [`version ${printable(version)}`] : []),
    ...(uptimeMs == null ? [] : [`up ${span(uptimeMs)}`]),
  ].join(', ');
}

function hidden({ exitCode, why }: { readonly exitCode: number; readonly why: string }): string {
  return exitCode === EXIT.refused || exitCode === EXIT.notFound
    ? 'not shown to this key; haymaker config set admin-key'
    : printable(why);
}
