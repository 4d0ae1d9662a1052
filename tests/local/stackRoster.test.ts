import { describe, expect, it } from 'vitest';
import { rosterOf } from '../../local/stack/roster.ts';

describe('rosterOf', () => {
  it('lists the names of every kind of registration, sorted', () => {
    const source = `
      import { app } from '@azure/functions';
      import * as df from 'durable-functions';
      app.timer('janitor', { schedule: '%S%', handler: f });
      df.app.client.timer('haymaker_timer', { schedule: '%S%', handler: f });
      app.http("health", { handler: f });
      df.app.orchestration('run', g);
      df.app.activity(
        'check_activity',
        { handler: h },
      );`;
    expect(rosterOf(source)).toEqual(['check_activity', 'haymaker_timer', 'health', 'janitor', 'run']);
  });

  it('does not count comments, hooks, setup or text in strings of handlers', () => {
    const source = `
      // app.http('commented', {});
      /* app.http('commented_too', {}); */
      app.setup({ enableHttpStream: false });
      app.hook.appStart(() => {});
      app.http('real', { handler: f });`;
    expect(rosterOf(source)).toEqual(['real']);
  });

  it('refuses a name that is not a literal', () => {
    expect(() => rosterOf('const n = "x"; app.http(n, {});')).toThrow(/string literal/);
  });

  it('refuses a name that is taken twice', () => {
    expect(() => rosterOf("app.http('a', {}); app.timer('a', {});")).toThrow(/registers "a" twice/);
  });

  it('refuses an entry point without registrations', () => {
    expect(() => rosterOf('export {};')).toThrow(/registers no function/);
  });
});
