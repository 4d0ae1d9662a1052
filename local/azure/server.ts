import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cloud } from './cloud.ts';
import { azureError, type Reply, type Request, type Service } from './core.ts';
import { playFault } from './faults.ts';
import { close, listen, readRequest, sendReply } from './http.ts';
import { latencyOf } from './latency.ts';

export interface AzureServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers every Azure host on one TLS port of 127.0.0.1, each by the service that owns the Host header. */
export async function startServer(cloud: Cloud, services: readonly Service[]): Promise<AzureServer> {
  const server = createServer({ key: cloud.pki.key, cert: cloud.pki.cert }, (incoming, response) => {
    serve(cloud, services, incoming, response).catch((error: unknown) => {
      console.error('stand-in:', error);
      response.destroy();
    });
  });
  const port = await listen(server);
  return { port, close: () => close(server) };
}

async function serve(
  cloud: Cloud,
  services: readonly Service[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parsed = await readRequest(incoming).catch((error: unknown) => {
    if (error instanceof SyntaxError || error instanceof URIError) return error;
    throw error;
  });
  if (parsed instanceof Error) {
    sendReply(
      response,
      azureError(400, 'InvalidRequestContent', `The request cannot be parsed: ${parsed.message}`),
    );
    return;
  }
  const service = services.find((s) => s.hosts.test(parsed.host));
  const fault = cloud.faults.take(`${parsed.method} ${parsed.host}${parsed.path}`);
  const spoiled = fault && fault.kind !== 'lostAnswer' ? fault : undefined;
  const { request, reply } = spoiled
    ? { request: parsed, reply: await playFault(spoiled) }
    : await handle(cloud, service, parsed);
  const lost = reply === undefined || fault?.kind === 'lostAnswer';
  cloud.calls.add({
    at: cloud.now(),
    service: service?.name ?? 'unknown',
    method: parsed.method,
    host: parsed.host,
    path: parsed.path,
    operation: reply?.operation ?? `${service?.name ?? 'unknown'} ${parsed.method}`,
    principal: request.principal?.displayName,
    status: lost ? 0 : reply.status,
    ...(lost && reply ? { lostStatus: reply.status } : {}),
  });
  if (lost) {
    response.destroy();
    return;
  }
  sendReply(response, { ...reply, headers: { 'x-ms-request-id': randomUUID(), ...reply.headers } });
}

async function handle(
  cloud: Cloud,
  service: Service | undefined,
  request: Request,
): Promise<{ request: Request; reply: Reply }> {
  if (!service) {
    return {
      request,
      reply: azureError(404, 'UnknownHost', `The stand-in does not play '${request.host}'.`),
    };
  }
  const { principal, refusal } = await authenticate(cloud, service, request);
  if (!principal && service.audiences.length > 0) {
    return { request, reply: service.challenge?.(request, refusal) ?? unauthenticated(refusal) };
  }
  const known = { ...request, principal };
  const latencyMs = latencyOf(cloud, service, request);
  // Half before and half after: what is asked for is done in between.
  if (latencyMs > 0) await delay(latencyMs / 2);
  const reply = await guarded(service, known);
  if (latencyMs > 0) await delay(latencyMs / 2);
  return { request: known, reply };
}

async function authenticate(cloud: Cloud, service: Service, request: Request) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (service.audiences.length === 0 || !token || scheme?.toLowerCase() !== 'bearer') {
    return { principal: undefined, refusal: undefined };
  }
  try {
    return { principal: (await cloud.tokens.verify(token, service.audiences)).principal, refusal: undefined };
  } catch (error) {
    return { principal: undefined, refusal: error instanceof Error ? error.message : String(error) };
  }
}

function unauthenticated(refusal: string | undefined): Reply {
  return refusal === undefined
    ? azureError(
        401,
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is missing.",
        { 'www-authenticate': 'Bearer error="invalid_token"' },
      )
    : azureError(401, 'InvalidAuthenticationToken', `The access token is invalid: ${refusal}.`, {
        'www-authenticate': 'Bearer error="invalid_token"',
      });
}

async function guarded(service: Service, request: Request): Promise<Reply> {
  try {
    return await service.handle(request);
  } catch (error) {
    console.error(`stand-in: ${service.name} ${request.method} ${request.path}:`, error);
    return azureError(500, 'InternalServerError', `The stand-in failed: ${String(error)}`);
  }
}
