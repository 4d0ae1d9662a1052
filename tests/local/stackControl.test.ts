import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftoversAt } from '../../local/stack/control.ts';

let server: Server;
let url: string;
let answers: Record<string, unknown>;

beforeEach(async () => {
  answers = {};
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? 'no such path'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('the control endpoint', () => {
  it('does not take an error for "nothing left"', async () => {
    await expect(leftoversAt(url)).rejects.toThrow(/control\/leftovers answered 404/);
    answers['/control/leftovers'] = { left: [] };
    await expect(leftoversAt(url)).rejects.toThrow();
    answers['/control/leftovers'] = [{ id: '/x' }];
    expect(await leftoversAt(url)).toHaveLength(1);
  });
});
