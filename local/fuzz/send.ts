import { Agent, request as httpRequest } from 'node:http';
import type { FuzzAnswer } from './answers.ts';
import type { FuzzRequest } from './requests.ts';

const TIMEOUT_MS = 60_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Sends a request byte for byte: fetch would put paths and headers in order first. */
export function send(url: string, { route, target, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = httpRequest(
      {
        hostname,
        port,
        agent,
        method: route.method,
        path: target,
        headers: { ...wireHeaders(headers), ...(body ? { 'content-length': body.length } : {}) },
        timeout: TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A header is bytes; text beyond Latin 1 cannot be one. */
function wireHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replace(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '?'),
    ]),
  );
}
