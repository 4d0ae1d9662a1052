import { EXIT } from '../exit.ts';
import { count, instant } from '../output/text.ts';
import type { Facts, Probe } from './facts.ts';

/** One check, in the shape that `orch health --format json` has always had. */
export interface Check {
  readonly check_name: string;
  readonly status: 'PASS' | 'WARN' | 'FAIL';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly suggestions: readonly string[];
}

const MASTER_KEY =
  'Give the master key to see it: haymaker config set admin-key (az functionapp keys list --query masterKey).';

/** What the facts mean for the orchestrator's health. Pure. */
export function checksOf(facts: Facts): Check[] {
  return [
    endpoint(facts),
    dependencies(facts),
    api(facts),
    host(facts),
    functions(facts),
    taskHub(facts),
    schedule(facts),
  ];
}

function endpoint({ health, endpoint: url }: Facts): Check {
  const name = 'Endpoint';
  return health.ok
    ? pass(name, `${url} answers in ${health.tookMs} ms, version ${health.value.version}`, {
        version: health.value.version,
        took_ms: health.tookMs,
      })
    : fail(name, health.why, ['Check that the app is started: az functionapp show --query state']);
}

function dependencies({ health }: Facts): Check {
  const name = 'Dependencies';
  if (!health.ok) return fail(name, 'not known: the app does not answer');
  const { checks } = health.value;
  const failing = Object.entries(checks).filter(([, verdict]) => verdict !== 'pass');
  const names = Object.keys(checks).join(', ') || 'none reported';
  if (failing.length === 0) return pass(name, names, checks);
  return fail(name, `${failing.map(([each]) => each).join(', ')} not available`, [
    'haymaker orch logs says why; a missing setting is named there.',
  ]);
}

function api({ api: answer, health }: Facts): Check {
  const name = 'API';
  if (!answer.ok) return fail(name, answer.why);
  if (answer.value.health === 'degraded' || answer.value.status === 'error')
    return warn(name, `answers; it calls itself ${answer.value.health ?? answer.value.status}`, [
      'haymaker runs list shows the runs that did not end well.',
    ]);
  return pass(name, `answers in ${answer.tookMs} ms, ${answer.value.status}`, {
    status: answer.value.status,
    ...(health.ok ? { version: health.value.version } : {}),
  });
}

function host({ host: answer }: Facts): Check {
  const name = 'Functions host';
  if (!answer.ok) return unseen(name, answer);
  const { state, version, errors } = answer.value;
  if (errors && errors.length > 0) return fail(name, errors.join('; '), ['haymaker orch logs says more.']);
  const words = `${state}${version ? `, version ${version}` : ''}`;
  return state === 'Running' ? pass(name, words, { state, version }) : warn(name, words);
}

function functions({ functions: answer }: Facts): Check {
  const name = 'Functions';
  if (!answer.ok) return unseen(name, answer);
  const disabled = answer.value.filter((each) => each.isDisabled).map((each) => each.name);
  if (answer.value.length === 0)
    return fail(name, 'the host found no functions', [
      'Deploy again: npm run package, then publish .haymaker/package.',
    ]);
  const words = `${answer.value.length} found`;
  return disabled.length > 0
    ? warn(name, `${words}, disabled: ${disabled.join(', ')}`, [
        'Enable them: remove AzureWebJobs.<name>.Disabled from the app settings.',
      ])
    : pass(name, words, { count: answer.value.length });
}

function taskHub({ live, failed }: Facts): Check {
  const name = 'Task hub';
  if (!live.ok) return unseen(name, live);
  if (!failed.ok) return unseen(name, failed);
  const words = `${count(live.value.length, 'orchestration')} live, ${failed.value.length} failed within a day`;
  const details = { live: live.value.length, failed: failed.value.map(({ instanceId }) => instanceId) };
  return failed.value.length > 0
    ? { ...warn(name, words, ['haymaker runs list shows which runs these are.']), details }
    : pass(name, words, details);
}

function schedule({ api: answer }: Facts): Check {
  const name = 'Schedule';
  if (!answer.ok) return warn(name, 'not known: the API does not answer');
  const next = answer.value.next_run;
  return next
    ? pass(name, `next run ${instant(next)} UTC`, { next_run: next })
    : warn(name, 'no next run', ['Set HAYMAKER_SCHEDULE in the app settings.']);
}

/** The host keeps this to the master key: not knowing is no fault of the app. */
function unseen(name: string, { why, exitCode }: Extract<Probe<unknown>, { ok: false }>): Check {
  if (exitCode === EXIT.refused || exitCode === EXIT.notFound)
    return warn(name, 'not shown to this key', [MASTER_KEY]);
  return fail(name, why);
}

function pass(check_name: string, message: string, details: Check['details'] = {}): Check {
  return { check_name, status: 'PASS', message, details, suggestions: [] };
}

function warn(check_name: string, message: string, suggestions: readonly string[] = []): Check {
  return { check_name, status: 'WARN', message, details: {}, suggestions };
}

function fail(check_name: string, message: string, suggestions: readonly string[] = []): Check {
  return { check_name, status: 'FAIL', message, details: {}, suggestions };
}
