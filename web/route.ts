import { useEffect, useState } from 'preact/hooks';

/** Where the reader is: the part of the address behind #, which no server sees. */
export type Route =
  | { readonly view: 'now' | 'runs' | 'scenarios' | 'health' }
  | { readonly view: 'run' | 'agent' | 'scenario'; readonly id: string };

const VIEWS = ['now', 'runs', 'scenarios', 'health'] as const;
const WITH_ID = { runs: 'run', agents: 'agent', scenarios: 'scenario' } as const;

export const hrefs = {
  now: '#/now',
  runs: '#/runs',
  scenarios: '#/scenarios',
  health: '#/health',
  run: (id: string) => `#/runs/${encodeURIComponent(id)}`,
  agent: (id: string) => `#/agents/${encodeURIComponent(id)}`,
  scenario: (id: string) => `#/scenarios/${encodeURIComponent(id)}`,
} as const;

/** The route that a hash stands for; *now* for anything else. */
export function parseRoute(hash: string): Route {
  const [first = '', id] = hash.replace(/^#\/?/, '').split('?')[0]?.split('/') ?? [];
  if (id && Object.hasOwn(WITH_ID, first))
    return { view: WITH_ID[first as keyof typeof WITH_ID], id: decode(id) };
  const view = VIEWS.find((one) => one === first);
  return { view: view ?? 'now' };
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const look = () => setHash(location.hash);
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return parseRoute(hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
