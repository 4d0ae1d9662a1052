import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import workbook from '../../infra/workbook.json' with { type: 'json' };
import { MANAGED_TAG } from '../../src/domain/naming.ts';
import { EVENTS_SUBSCRIPTION, EVENTS_TOPIC } from '../../src/domain/topic.ts';
import { lineOf } from '../../src/log/eventLog.ts';
import { LEVELS } from '../../src/log/events.ts';
import { INFRA } from './support/bicep.ts';

const read = (file: string) => readFileSync(path.join(INFRA, file), 'utf8');
const alerts = readdirSync(path.join(INFRA, 'alerts'));
const queries = new Map<string, string>([
  ...alerts.map((file): [string, string] => [file, read(`alerts/${file}`)]),
  ...workbook.items.flatMap(({ name, content }): [string, string][] =>
    'query' in content && content.query ? [[`workbook: ${name}`, content.query]] : [],
  ),
]);

/** The fields of events, as src/log/events.ts names them: `readonly run_id`. */
const fields = new Set(
  [...readFileSync(path.join(INFRA, '../src/log/events.ts'), 'utf8').matchAll(/readonly (\w+)\??:/g)].map(
    ([, field]) => field,
  ),
);

describe('alerts and workbook', () => {
  it('ask for events that the app logs, as it writes them', () => {
    expect(lineOf('janitor_failed', { reason: 'x' })).toMatch(/^\{"event":"janitor_failed"/);
    for (const [name, query] of queries) {
      const events = [...query.matchAll(/\{"event":"(\w+)"'/g)].map(([, event]) => event ?? '');
      for (const event of events) expect([name, event, event in LEVELS]).toEqual([name, event, true]);
      for (const [, field] of query.matchAll(/\bevent\.(\w+)/g)) {
        if (field !== 'event') expect([name, field, fields.has(field)]).toEqual([name, field, true]);
      }
    }
  });

  it('are all deployed, and the operator finds each of them explained under its name', () => {
    const bicep = read('modules/alerts.bicep');
    for (const file of alerts) expect(bicep).toContain(`loadTextContent('../alerts/${file}')`);
    const manual = readFileSync(path.join(INFRA, '../docs/operations.md'), 'utf8');
    const names = [...bicep.matchAll(/^ {4}name: '([\w-]+)'/gm)].map(([, name]) => name);
    expect(names).toHaveLength(alerts.length);
    for (const name of [...names, 'dead-letters']) expect(manual).toContain(`### ${name}\n`);
    const alarming = [
      ...['cleanup_quarantined', 'run_ended', 'run_started'],
      ...['janitor_blind', 'janitor_failed', 'message_refused'],
    ];
    for (const event of alarming) expect([...queries.values()].join('\n')).toContain(`{"event":"${event}"'`);
  });

  it('and budgets look at the tag that the app gives, and the bus has what the app reads', () => {
    expect(read('modules/target.bicep')).toContain(`name: '${MANAGED_TAG}'`);
    expect(read('modules/bus.bicep')).toContain(`name: '${EVENTS_TOPIC}'`);
    expect(read('modules/bus.bicep')).toContain(`name: '${EVENTS_SUBSCRIPTION}'`);
  });
});
