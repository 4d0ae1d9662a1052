import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ApiFailure } from './api.ts';

/** Something that is asked for once and may be asked for again. What was there stays while it is. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: ApiFailure; readonly again: () => void }
  | { readonly state: 'loaded'; readonly value: T; readonly again: () => void };

/**
 * Asks with `ask` for what `key` names. When `version` changes it is asked for anew, and what was there stays until the
 * answer comes; an answer that comes too late is not taken.
 */
export function useLoaded<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
  version: string | number | null | undefined = '',
): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly key?: string }>({ state: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    ask(stop.signal).then(
      (value) => !stop.signal.aborted && setLoaded({ state: 'loaded', value, again, key }),
      (failure: ApiFailure) => !stop.signal.aborted && setLoaded({ state: 'failed', failure, again, key }),
    );
    return () => stop.abort();
  }, [key, version, turn]);
  return loaded.key === key ? loaded : { state: 'loading' };
}
