import type { RecordedCall } from './standInControl.ts';

/** Things that were made more than once, although their maker may be called any number of times: "2 × <what>". */
export function doublesOf(
  calls: readonly RecordedCall[],
  executions: readonly { readonly agentId: string }[],
): string[] {
  const made = calls.filter(isCreation).map(({ method, path }) => `${method} ${path}`);
  const started = executions.map(({ agentId }) => `execution of ${agentId}`);
  const counts = new Map<string, number>();
  for (const what of [...made, ...started]) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([what, count]) => `${count} × ${what}`);
}

/** Applications, principals and jobs are made by upserts that say 201 once; an answer that got lost counts, too. */
function isCreation({ method, path, status, lostStatus }: RecordedCall): boolean {
  if (status !== 201 && lostStatus !== 201) return false;
  if (method === 'PATCH') return /\/(applications|servicePrincipals)\(/.test(path);
  return method === 'PUT' && /\/jobs\/[^/]+$/.test(path);
}
