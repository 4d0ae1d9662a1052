const REQUEST_MS = 60_000;
const TRIES = 3;

/** The JSON at `url`. A connection that was cut is tried again: a server that is busy may close an idle one under us. */
export async function getJson(url: string): Promise<unknown> {
  for (let left = TRIES; ; left -= 1) {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) }).catch((error: unknown) => {
      if (left > 1) return undefined;
      throw error;
    });
    if (response === undefined) continue;
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
