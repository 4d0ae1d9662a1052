import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callerTag } from '../../src/api/callerTag.ts';
import { eventLog, lineOf } from '../../src/log/eventLog.ts';
import { LEVELS } from '../../src/log/events.ts';

function recorder() {
  const said: { level: string; line: string }[] = [];
  const at = (level: string) => (line: string) => said.push({ level, line });
  return { said, speaker: { info: at('info'), warn: at('warn'), error: at('error') } };
}

describe('the event log', () => {
  it('says one event as one line of JSON, event first, on the level of the table', () => {
    const { said, speaker } = recorder();
    const log = eventLog(speaker);
    log('agent_failed', { run_id: 'r', agent_id: 'a', state: 'failed', error: 'first line\nsecond line' });
    log('janitor_failed', { reason: 'no' });
    expect(said).toEqual([
      {
        level: 'warn',
        line: '{"event":"agent_failed","run_id":"r","agent_id":"a","state":"failed","error":"first line\\nsecond line"}',
      },
      { level: 'error', line: '{"event":"janitor_failed","reason":"no"}' },
    ]);
  });

  it('masks what looks like a secret, however deep it lies', () => {
    const secret = `sk-ant-${'a1'.repeat(20)}`;
    const things = [
      { kind: 'secret', id: 'x', reason: `refused: Bearer ${secret} AccountKey=abc123==;` },
    ] as const;
    const line = lineOf('cleanup_quarantined', { run_id: 'r', count: 1, things });
    expect(line).not.toContain(secret);
    expect(line).not.toContain('abc123');
    expect(line).toContain('refused');
  });

  it('stays small: long texts and lists are cut', () => {
    const things = Array.from({ length: 500 }, () => ({
      kind: 'resource' as const,
      id: 'i'.repeat(2_000),
      reason: 'r'.repeat(2_000),
    }));
    const line = lineOf('cleanup_quarantined', { run_id: 'r', count: 500, things });
    // Application Insights cuts a message at 32,768 characters.
    expect(line.length).toBeLessThan(32_768);
    expect(JSON.parse(line)).toMatchObject({ count: 500 });
  });

  it('names callers without what would lead to a key', () => {
    expect(callerTag('a'.repeat(64))).toBe(`key-${'a'.repeat(12)}`);
    expect(callerTag('6f9619ff-8b86-d011-b42d-00c04fc964ff')).toBe('6f9619ff-8b86-d011-b42d-00c04fc964ff');
  });
});

describe('the sources', () => {
  const files = readdirSync('src', { recursive: true })
    .map((name) => join('src', String(name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

  it('log events, and nothing past them', () => {
    const past = files.filter(({ text }) =>
      /\bconsole\.|\bcontext\??\.(?:log|info|warn|error|debug|trace)\(/.test(text),
    );
    expect(past.map(({ file }) => file)).toEqual([]);
  });

  it('log every event of the table somewhere', () => {
    const code = files.filter(({ file }) => !file.endsWith('events.ts')).map(({ text }) => text);
    const never = Object.keys(LEVELS).filter((event) => !code.some((text) => text.includes(`'${event}'`)));
    expect(never).toEqual([]);
  });

  it('log nothing in orchestrators, which are replayed', () => {
    const loud = files.filter(({ file, text }) => file.startsWith('src/run/') && text.includes('/log/'));
    expect(loud.map(({ file }) => file)).toEqual([]);
  });
});
