import { afterEach, describe, expect, it } from 'vitest';
import { type Rehearsal, rehearse } from '../support/orchestrations.ts';

let run: Rehearsal;
afterEach(() => run.close());

const start = (input: unknown) => {
  run = rehearse({});
  run.start('base_orchestrator', 'b', input);
};

describe('the base orchestrator', () => {
  it('sleeps for weeks until its event, and ends with what it received', async () => {
    start({ message: 'hello', wait_event_name: 'approved' });
    await run.pass(21 * 24 * 3_600);
    expect(run.engine.get('b')).toMatchObject({
      status: 'Running',
      customStatus: { state: 'waiting', event_name: 'approved' },
    });
    run.engine.raise('b', 'approved', JSON.stringify({ by: 'ops' }));
    const { output } = await run.untilEnded('b');
    expect(output).toEqual({
      message: 'hello',
      status: 'received',
      event_name: 'approved',
      event: { by: 'ops' },
    });
  });

  it('takes an event that comes before its time-out, and leaves no timer behind', async () => {
    start({ message: 'm', wait_event_name: 'go', timeout: 'PT1H' });
    await run.pass(60);
    run.engine.raise('b', 'go', 'null');
    const { output } = await run.untilEnded('b', 0.5);
    expect(output).toMatchObject({ status: 'received', event: null });
  });

  it('says that it timed out', async () => {
    start({ timeout: 'PT1H' });
    expect((await run.untilEnded('b')).output).toMatchObject({ status: 'timed_out', event_name: 'continue' });
  });

  it('refuses a time-out that is none', async () => {
    start({ timeout: 'tomorrow' });
    const { status, output } = await run.untilEnded('b');
    expect(status).toBe('Failed');
    expect(output).toContain('expected an ISO 8601 duration such as PT8H, got "tomorrow"');
  });
});
