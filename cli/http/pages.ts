import type { z } from 'zod';
import { page } from './answers.ts';
import type { Client, Query } from './client.ts';

/** The most that the app hands out at once. */
const LARGEST_PAGE = 500;

/** The first `limit` items of a list, however many pages that takes. `name` is their key in the answer. */
export async function listAll<T>(
  client: Client,
  path: string,
  of: { readonly name: string; readonly item: z.ZodType<T>; readonly limit: number; readonly query: Query },
): Promise<T[]> {
  const schema = page(of.name, of.item);
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(of.limit - items.length, LARGEST_PAGE);
    const answer = await client.get(path, schema, { query: { ...of.query, limit, cursor } });
    items.push(...answer.items.slice(0, limit));
    cursor = answer.next;
  } while (cursor && items.length < of.limit);
  return items;
}
