import { Agent, type AgentOptions, request } from 'node:https';

/**
 * A fetch that goes through HTTPS_PROXY of `environment`. Node's own does so only when NODE_USE_ENV_PROXY was set as the
 * process started, which a test cannot do for itself; the Microsoft Graph client uses the global fetch.
 */
export function createProxiedFetch(environment: Record<string, string>): typeof fetch {
  const options: AgentOptions & { proxyEnv: Record<string, string> } = { proxyEnv: environment };
  const agent = new Agent(options);
  return async (input, init = {}) => {
    const { method, url, headers, signal, body } = await flatten(new Request(input, init));
    return new Promise<Response>((resolve, reject) => {
      const outgoing = request(url, { method, headers, signal, agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0;
          const received = new Headers();
          for (const [name, value] of Object.entries(incoming.headersDistinct)) {
            for (const each of value ?? []) received.append(name, each);
          }
          resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: received }));
        });
      });
      outgoing.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
      outgoing.end(body);
    });
  };
}

async function flatten(request: Request) {
  const body = Buffer.from(await request.arrayBuffer());
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, url: request.url, headers, signal: request.signal, body };
}
