import { expect, test } from 'vitest';
import { Batcher } from '../../../local/host/batcher.ts';

test('batches are handled one after another, and none is larger than the limit', async () => {
  const batches: number[][] = [];
  let busy = 0;
  const batcher = new Batcher<number>(3, 1, async (batch) => {
    busy += 1;
    expect(busy).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    batches.push([...batch]);
    busy -= 1;
  });
  await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => batcher.add(n)));
  expect(batches).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
});

test('a batch that fails rejects its own items, and the next one comes', async () => {
  const batcher = new Batcher<number>(2, 1, async (batch) => {
    if (batch.includes(1)) throw new Error('unlucky');
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map((n) => batcher.add(n)));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});
