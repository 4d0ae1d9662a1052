import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../stack/paths.ts';
import type { RecordedInstance, Turn } from './turns.ts';

/** Recorded orchestrations of every release: tests/fixtures/histories/<version>/<what happened>.json. */
export const HISTORIES = path.join(REPOSITORY, 'tests', 'fixtures', 'histories');

/** What is kept of one orchestration: what happened, and what the release that recorded it answered, turn by turn. */
export interface Recording extends RecordedInstance {
  readonly release: string;
  readonly story: string;
  readonly turns: readonly Turn[];
}

/** Every recording of every release, by its path below `HISTORIES`. */
export function recordings(): { readonly file: string; readonly recording: Recording }[] {
  return readdirSync(HISTORIES, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, recording: JSON.parse(readFileSync(path.join(HISTORIES, file), 'utf8')) }));
}

/** Replaces what was recorded of a release. Returns how many bytes were written. */
export function writeRecordings(release: string, all: readonly Recording[]): number {
  const folder = path.join(HISTORIES, release);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return all.reduce((bytes, recording) => {
    const text = textOf(recording);
    writeFileSync(path.join(folder, `${recording.story}.json`), text);
    return bytes + text.length;
  }, 0);
}

/** A line an event and a line a turn: a difference between two recordings can be read. */
function textOf({ history, turns, ...head }: Recording): string {
  const lines = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "history": [\n${lines(history)}\n  ],\n  "turns": [\n${lines(turns)}\n  ]\n}\n`;
}
