import { z } from 'zod';
import { CommandError } from './command.ts';

const REQUEST_MS = 5_000;

/** The stand-in's own list of what still exists of runs: the second opinion on a run's "verified". */
export async function leftoversAt(controlUrl: string): Promise<unknown[]> {
  return z.array(z.unknown()).parse(await get(`${controlUrl}/control/leftovers`));
}

async function get(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
  if (!response.ok) throw new CommandError(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
