import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const PARSER = path.join(import.meta.dirname, 'azParser.py');

const Answer = z.object({
  status: z.enum(['ok', 'unknown', 'refused']),
  command: z.string(),
  message: z.string().optional(),
  confirms: z.boolean().optional(),
  tags: z.boolean().optional(),
});
/** What the CLI's own parser says of a command. */
export type Answer = z.infer<typeof Answer>;

/** The Python that runs the `az` of the PATH, or undefined where there is none. */
export function azPython(): string | undefined {
  const found = spawnSync('sh', ['-c', 'command -v az'], { encoding: 'utf8' }).stdout.trim();
  if (!found) return undefined;
  const launcher = realpathSync(found);
  // Packages install a script that names its interpreter, in its first line or where it starts it.
  const named = readFileSync(launcher, 'utf8').match(
    /(?:^#!|\s|")(\/[^\s"]*python3?[\d.]*)(?=[\s"]|$)/m,
  )?.[1];
  const bundled = path.resolve(path.dirname(launcher), '../../opt/az/bin/python3');
  const candidates = [named, bundled, '/opt/az/bin/python3', '/usr/bin/python3'];
  return candidates.find(
    (python) =>
      python !== undefined &&
      existsSync(python) &&
      spawnSync(python, ['-c', 'import azure.cli.core']).status === 0,
  );
}

/** The version of the Azure CLI that `python` runs. */
export function azVersion(python: string): string {
  const script = 'import azure.cli.core as core; print(core.__version__)';
  return spawnSync(python, ['-W', 'ignore', '-c', script], { encoding: 'utf8' }).stdout.trim();
}

/**
 * Has the Azure CLI's argument parser read each command (the words after `az`), in order, without performing any.
 * @throws Error with what the parser's process said when it ends before it has answered everything.
 */
export async function parseWithAz(
  python: string,
  commands: readonly (readonly string[])[],
): Promise<Answer[]> {
  const child = spawn(python, ['-W', 'ignore', PARSER], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.stdin.end(commands.map((args) => `${JSON.stringify({ args })}\n`).join(''));
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    answers.push(Answer.parse(JSON.parse(line)));
  if (answers.length !== commands.length) {
    throw new Error(
      `the Azure CLI's parser answered ${answers.length} of ${commands.length} commands and ended: ${said.trim().slice(-2_000)}`,
    );
  }
  return answers;
}
