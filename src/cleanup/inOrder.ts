/**
 * Works on items in their order, `concurrency` at a time, and begins no more once `mayBegin` says no. `next` is the index
 * of the first item that was not begun: all before it have ended.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  { concurrency, mayBegin }: { readonly concurrency: number; readonly mayBegin: () => boolean },
  work: (item: T) => Promise<R>,
): Promise<{ results: R[]; next: number }> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && mayBegin()) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return { results, next };
}
