import { randomUUID } from 'node:crypto';
import { reasonOf } from '../host-error.ts';
import type { Engine } from './engine.ts';
import type { Instance } from './instance.ts';
import { isFinal } from './instance.ts';
import { instanceFilter, statusQuery, statusView } from './status-view.ts';
import { resume, suspend, terminate } from './transitions.ts';
import { managementUrls, WEBHOOK_PATH } from './urls.ts';

export interface WebhookRequest {
  readonly method: string;
  /** Path below the webhook's base, undecoded, such as `instances/abc/terminate`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly continuationToken: string;
  readonly body: string;
  /** scheme://host of the caller's view, for the URLs in answers. */
  readonly origin: string;
}

export interface WebhookReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined: an empty body. */
  readonly json?: unknown;
}

export interface WebhookContext {
  readonly engine: Engine;
  readonly hub: string;
  readonly defaultVersion: string;
  /** Names of orchestrators in lower case. */
  readonly orchestrators: ReadonlySet<string>;
}

const DEFAULT_PAGE = 100;

/** The Durable HTTP API of extension 2.13 for orchestrations: statuses and bodies as documented for it and observed. */
export async function handleWebhook(request: WebhookRequest, context: WebhookContext): Promise<WebhookReply> {
  const [collection, first, ...rest] = request.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const { method } = request;
  if (collection === 'orchestrators' && method === 'POST' && first !== undefined && rest.length <= 1) {
    return start(request, context, first, rest[0]);
  }
  if (collection === 'instances') {
    if (first === undefined) {
      if (method === 'GET') return list(request, context);
      if (method === 'DELETE') return purgeMany(request, context);
    } else if (rest.length === 0) {
      if (method === 'GET') return getStatus(request, context, first);
      if (method === 'DELETE') return purgeOne(context, first);
    } else if (method === 'POST') {
      return manage(request, context, first, rest);
    }
  }
  if (collection === 'entities') {
    return error(
      501,
      'The local host does not support entities. Keep state in orchestrations or storage, or run against Azure.',
    );
  }
  return { status: 404 };
}

async function start(
  request: WebhookRequest,
  context: WebhookContext,
  name: string,
  wantedId: string | undefined,
): Promise<WebhookReply> {
  const { engine, hub } = context;
  if (!context.orchestrators.has(name.toLowerCase())) {
    const known = [...context.orchestrators].join(', ') || 'none';
    return error(
      400,
      `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. Known orchestrator functions: ${known}.`,
    );
  }
  const instanceId = wantedId ?? randomUUID().replaceAll('-', '');
  const badId = invalidId(instanceId);
  if (badId !== undefined) return error(400, badId);
  if (request.body !== '' && !isJson(request.body)) return error(400, 'Invalid JSON content');
  const existing = engine.get(instanceId);
  if (existing && !isFinal(existing.status)) {
    return error(
      500,
      'Something went wrong while processing your request',
      `An Orchestration instance with the status ${existing.status} already exists.`,
    );
  }
  const version = request.query.get('version') ?? context.defaultVersion;
  engine.start({ name, instanceId, input: request.body === '' ? null : request.body, version });

  const accepted: WebhookReply = {
    status: 202,
    headers: {
      location: managementUrls(request.origin, hub, instanceId).statusQueryGetUri ?? '',
      'retry-after': '10',
    },
    json: withoutRewind(managementUrls(request.origin, hub, instanceId)),
  };
  const timeout = Number(request.query.get('timeout') ?? Number.NaN);
  if (Number.isNaN(timeout)) return accepted;
  const ended = await engine.finished(instanceId, timeout * 1000);
  if (!ended || !isFinal(ended.status)) return accepted;
  if (ended.status === 'Completed') return { status: 200, json: ended.output };
  return { status: 200, json: statusView(ended, statusQuery(request.query)) };
}

function getStatus(request: WebhookRequest, { engine }: WebhookContext, id: string): WebhookReply {
  const instance = engine.get(id);
  if (!instance) return { status: 404 };
  const json = statusView(instance, statusQuery(request.query));
  if (!isFinal(instance.status)) {
    const location = `${request.origin}${WEBHOOK_PATH}/instances/${encodeURIComponent(id)}?${request.query}`;
    return { status: 202, headers: { location, 'retry-after': '5' }, json };
  }
  const asError = request.query.get('returnInternalServerErrorOnFailure')?.toLowerCase() === 'true';
  return { status: asError && instance.status === 'Failed' ? 500 : 200, json };
}

function list(request: WebhookRequest, { engine }: WebhookContext): WebhookReply {
  const filter = readFilter(request.query);
  if (typeof filter === 'string') return error(400, filter);
  const top = Number(request.query.get('top') ?? DEFAULT_PAGE) || DEFAULT_PAGE;
  const after = Buffer.from(request.continuationToken, 'base64').toString();
  const found = engine
    .list()
    .filter(filter)
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
    .filter((instance) => instance.instanceId > after);
  const page = found.slice(0, top);
  const last = found.length > page.length ? (page.at(-1)?.instanceId ?? '') : '';
  const show = { ...statusQuery(request.query), showHistory: false };
  return {
    status: 200,
    headers: { 'x-ms-continuation-token': Buffer.from(last).toString('base64') },
    json: page.map((instance) => statusView(instance, show)),
  };
}

function purgeOne({ engine }: WebhookContext, id: string): WebhookReply {
  const instance = engine.get(id);
  if (!instance || !isFinal(instance.status)) return { status: 404 };
  engine.purge(id);
  return { status: 200, json: { instancesDeleted: 1 } };
}

function purgeMany(request: WebhookRequest, { engine }: WebhookContext): WebhookReply {
  if (!request.query.get('createdTimeFrom')) {
    return error(400, "Please provide value for 'createdTimeFrom' parameter.");
  }
  const filter = readFilter(request.query);
  if (typeof filter === 'string') return error(400, filter);
  const found = engine.list().filter((instance) => isFinal(instance.status) && filter(instance));
  for (const instance of found) engine.purge(instance.instanceId);
  return found.length === 0 ? { status: 404 } : { status: 200, json: { instancesDeleted: found.length } };
}

function manage(
  request: WebhookRequest,
  context: WebhookContext,
  id: string,
  [operation = '', event, ...more]: readonly string[],
): WebhookReply {
  const { engine } = context;
  const instance = engine.get(id);
  if (!instance || more.length > 0) return { status: 404 };
  const reason = request.query.get('reason') ?? '';
  switch (operation.toLowerCase()) {
    case 'raiseevent':
      return event === undefined ? { status: 404 } : raiseEvent(request, context, instance, event);
    case 'terminate':
      return whileLive(instance, () => engine.commit(terminate(instance, reason, Date.now())));
    case 'suspend':
      if (instance.status === 'Suspended') return conflict('is suspended already');
      return whileLive(instance, () => engine.commit(suspend(instance, reason, Date.now())));
    case 'resume':
      if (!isFinal(instance.status) && instance.status !== 'Suspended') return conflict('is not suspended');
      return whileLive(instance, () => engine.commit(resume(instance, reason, Date.now())));
    case 'rewind':
      if (instance.status === 'Completed' || instance.status === 'Terminated') return { status: 410 };
      if (instance.status !== 'Failed') return conflict('has not failed; only a failed one can be rewound');
      engine.rewind(instance, reason);
      return { status: 202 };
    case 'restart':
      return restart(request, context, instance);
    default:
      return { status: 404 };
  }
}

function raiseEvent(
  request: WebhookRequest,
  { engine }: WebhookContext,
  instance: Instance,
  event: string,
): WebhookReply {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(request.contentType)) {
    return error(400, 'Only application/json request content is supported');
  }
  if (!isJson(request.body)) return error(400, 'Invalid JSON content');
  return whileLive(instance, () => engine.raise(instance.instanceId, event, request.body));
}

function restart(request: WebhookRequest, context: WebhookContext, instance: Instance): WebhookReply {
  const same = request.query.get('restartWithNewInstanceId')?.toLowerCase() === 'false';
  if (same && !isFinal(instance.status)) return conflict('is still running');
  const { name, input, version } = instance;
  const instanceId = same ? instance.instanceId : randomUUID().replaceAll('-', '');
  context.engine.start({ name, instanceId, input, version });
  const urls = managementUrls(request.origin, context.hub, instanceId);
  return {
    status: 202,
    headers: { location: urls.statusQueryGetUri ?? '', 'retry-after': '10' },
    json: withoutRewind(urls),
  };
}

/** 202 when done, 410 for an instance that has ended. */
function whileLive(instance: Instance, act: () => void): WebhookReply {
  if (isFinal(instance.status)) return { status: 410 };
  act();
  return { status: 202 };
}

function conflict(what: string): WebhookReply {
  return error(500, 'Something went wrong while processing your request', `The instance ${what}.`);
}

function error(status: number, message: string, detail = message): WebhookReply {
  const type = status === 400 ? 'System.ArgumentException' : 'System.InvalidOperationException';
  return {
    status,
    json: { Message: message, ExceptionMessage: detail, ExceptionType: type, StackTrace: '' },
  };
}

function withoutRewind({ rewindPostUri: _, ...urls }: Record<string, string>): Record<string, string> {
  return urls;
}

function readFilter(query: URLSearchParams): ReturnType<typeof instanceFilter> | string {
  try {
    return instanceFilter(query);
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

function invalidId(id: string): string | undefined {
  if (id.length > 256) return 'Instance IDs must be at most 256 characters long.';
  if (id.startsWith('@')) return "Orchestration instance IDs must not start with '@'.";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Azure Storage refuses in a key.
  if (/[/\\#?\u0000-\u001f\u007f-\u009f]/.test(id)) {
    return 'Instance IDs must not contain /, \\, #, ?, or control characters.';
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
