import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandFailure, EXIT, Interrupted } from './exit.ts';
import type { World } from './session.ts';

/** Asks on the terminal. Throws CommandFailure when the answer is no, or when there is nobody to ask. */
export async function confirm(world: World, question: string): Promise<void> {
  if (!world.stdin.isTTY) {
    throw new CommandFailure(
      EXIT.usage,
      `${question} Nobody is here to ask: add --yes, or --dry-run to look first.`,
    );
  }
  const answer = await ask(world, `${question} [y/N] `, world.stderr);
  if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CommandFailure(EXIT.failed, 'Nothing was done.');
}

/** A secret: typed without an echo on a terminal, else all that comes on stdin. */
export async function readSecret(world: World, name: string): Promise<string> {
  if (world.stdin.isTTY) {
    world.stderr.write(`${name} (not shown): `);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const secret = await ask(world, '', silent);
    world.stderr.write('\n');
    return secret.trim();
  }
  let text = '';
  for await (const chunk of world.stdin) text += String(chunk);
  return text.trim();
}

async function ask(world: World, question: string, output: NodeJS.WritableStream): Promise<string> {
  const reader = createInterface({ input: world.stdin, output, terminal: true });
  const gone = new Promise<never>((_, reject) => {
    reader.once('SIGINT', () => reject(new Interrupted('Nothing was done.')));
    reader.once('close', () => reject(new Interrupted('Nothing was done.')));
  });
  try {
    return await Promise.race([reader.question(question), gone]);
  } finally {
    reader.close();
  }
}
