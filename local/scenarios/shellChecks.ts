import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { CheckedDocument, CheckFinding } from './documents.ts';

/** Not found fault with: JMESPath and PowerShell in single quotes are meant to stay as they are (SC2016). */
const EXCLUDED = 'SC2016';
/** Word splitting is what `--tags $TAGS` wants. */
const UNQUOTED = 2086;
const HEADER = '#!/usr/bin/env bash\nset -euo pipefail\n';
const HEADER_LINES = 2;

const Comments = z.array(
  z.object({
    file: z.string(),
    line: z.number(),
    column: z.number(),
    code: z.number(),
    message: z.string(),
  }),
);

/** True when `program` can be run. */
export function isOnPath(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** Asks bash whether it can read every step (`bash -n`). */
export function checkSyntax({ file, steps }: CheckedDocument): CheckFinding[] {
  return steps.flatMap(({ script, line }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    if (status === 0) return [];
    const at = Number(/line (\d+)/.exec(stderr)?.[1] ?? 1);
    return [{ file, line: line + at - 1, rule: 'bash', message: stderr.trim().split('\n')[0] ?? '' }];
  });
}

/** Lets shellcheck look at every step, all of a document at once. */
export function checkStyle({ file, steps }: CheckedDocument): CheckFinding[] {
  if (steps.length === 0) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'scenario-'));
  try {
    steps.forEach(({ script }, index) => {
      writeFileSync(path.join(folder, `${index}.sh`), `${HEADER}${script}`);
    });
    const names = steps.map((_, index) => `${index}.sh`);
    const args = ['--shell=bash', '--format=json', `--exclude=${EXCLUDED}`, ...names];
    const { stdout, stderr } = spawnSync('shellcheck', args, { cwd: folder, encoding: 'utf8' });
    if (stdout.trim() === '') throw new Error(`shellcheck said nothing about ${file}: ${stderr.trim()}`);
    return Comments.parse(JSON.parse(stdout)).flatMap((comment) => {
      const step = steps[Number.parseInt(comment.file, 10)];
      const row = comment.line - HEADER_LINES;
      const source = step?.script.split('\n')[row - 1] ?? '';
      if (comment.code === UNQUOTED && source.slice(comment.column - 1).startsWith('$TAGS')) return [];
      const message = `SC${comment.code}: ${comment.message}`;
      return [{ file, line: (step?.line ?? 1) + row - 1, rule: 'shellcheck', message }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
