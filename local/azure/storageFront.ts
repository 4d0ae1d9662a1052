import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { IDS, WORLD } from '../world.ts';
import type { Cloud } from './cloud.ts';
import type { Reply, Request, Service } from './core.ts';
import { type StorageKind, type StoragePermission, storagePermission } from './storageActions.ts';

/** Azurite's TLS ports on 127.0.0.1. */
export interface StoragePorts {
  readonly blob: number;
  readonly queue: number;
  readonly table: number;
}

export interface StorageFront extends Service {
  /** Ends the kept-alive connections to Azurite. */
  close(): void;
}

/** Headers that belong to one connection, not to the message: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The storage account's blob, table and queue hosts. Azurite does the storing but knows no roles: the caller's
 * permission is checked here first, and requests can be counted and spoiled like those of every other service.
 */
export function createStorageFront(cloud: Cloud, ports: StoragePorts): StorageFront {
  const agent = new Agent({ keepAlive: true, ca: cloud.pki.ca });
  return {
    name: 'storage',
    hosts: new RegExp(`^${WORLD.storageAccount}\\.(blob|table|queue)\\.core\\.windows\\.net$`, 'i'),
    audiences: ['https://storage.azure.com', `https://${WORLD.storageAccount}.blob.core.windows.net`],

    challenge: (request) => ({
      ...storageError(
        request,
        401,
        'NoAuthenticationInformation',
        'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
        {
          'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${WORLD.tenantId}/oauth2/authorize resource_id=https://storage.azure.com`,
        },
      ),
    }),

    async handle(request) {
      const kind = kindOf(request.host);
      const permission = storagePermission(kind, request);
      const operation = permission.action;
      if (!isAllowed(cloud, request, permission)) {
        return {
          ...storageError(
            request,
            403,
            'AuthorizationPermissionMismatch',
            `This request is not authorized to perform this operation using this permission (${operation}).`,
          ),
          operation,
        };
      }
      return {
        ...(await forward({ ...request, body: bodyFor(kind, request) }, ports[kind], agent)),
        operation,
      };
    },

    close: () => agent.destroy(),
  };
}

/** In a transaction Azurite finds the table of an operation only in addresses of its own style: host, account, table. */
function bodyFor(kind: StorageKind, { path, host, body }: Request): Buffer {
  if (kind !== 'table' || path !== '/$batch') return body;
  const operation = new RegExp(`^([A-Z]+ https://)${host.replaceAll('.', '\\.')}/`, 'gim');
  return Buffer.from(body.toString('utf8').replace(operation, `$1127.0.0.1/${WORLD.storageAccount}/`));
}

function kindOf(host: string): StorageKind {
  return host.split('.')[1] as StorageKind;
}

function isAllowed(cloud: Cloud, { principal }: Request, { action, kind }: StoragePermission): boolean {
  return principal !== undefined && cloud.authorization.can(principal.oid, action, IDS.storage, kind);
}

/** Sends a request on to Azurite with its Host and headers, and reads the answer. Throws when Azurite is not there. */
async function forward(request: Request, port: number, agent: Agent): Promise<Reply> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name, value]) => value !== undefined && name !== 'content-length' && !HOP_BY_HOP.has(name),
    ),
  );
  const body = upstreamBody(request);
  const upstream = await new Promise<IncomingMessage>((resolve, reject) => {
    httpsRequest(
      {
        host: '127.0.0.1',
        port,
        servername: request.host,
        method: request.method,
        path: request.rawUrl,
        headers: { ...headers, 'content-length': body.length },
        agent,
      },
      resolve,
    )
      .on('error', reject)
      .end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of upstream) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  const replied = Object.entries(upstream.headers).flatMap(([name, value]) =>
    value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, String(value)]],
  );
  return {
    status: upstream.statusCode ?? 502,
    headers: {
      ...Object.fromEntries(replied),
      // The answer to HEAD tells the length of a body that it does not have.
      ...(request.method === 'HEAD' ? {} : { 'content-length': String(answer.length) }),
    },
    ...(answer.length > 0 ? { body: answer } : {}),
  };
}

/** In the parts of a table transaction Azurite finds the table only behind the name of the account. */
function upstreamBody({ host, path, body }: Request): Buffer {
  if (kindOf(host) !== 'table' || path !== '/$batch') return body;
  const address = `https://${host}/`;
  return Buffer.from(body.toString('utf8').replaceAll(address, `${address}${WORLD.storageAccount}/`));
}

function storageError(
  request: Request,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Reply {
  const common = { ...headers, 'x-ms-error-code': code };
  if (kindOf(request.host) === 'table') {
    return {
      status,
      headers: { ...common, 'content-type': 'application/json' },
      body: { 'odata.error': { code, message: { lang: 'en-US', value: message } } },
    };
  }
  return {
    status,
    headers: { ...common, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
