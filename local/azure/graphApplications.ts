import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request } from './core.ts';
import type { Application } from './directory.ts';
import { denied, mayChange, mayCreate } from './graphAccess.ts';
import { applicationView } from './graphObjects.ts';
import { graphError, notFound, select } from './graphQuery.ts';

const NewPassword = z.object({ displayName: z.string().nullish(), endDateTime: z.iso.datetime().optional() });

const ApplicationBody = z.object({
  displayName: z.string().min(1).max(256).optional(),
  uniqueName: z.string().nullish(),
  tags: z.array(z.string().max(256)).optional(),
  signInAudience: z.string().optional(),
  passwordCredentials: z.array(NewPassword).optional(),
});
type ApplicationBody = z.infer<typeof ApplicationBody>;

/** POST /applications. A uniqueName that is taken is refused. */
export function createApplication(cloud: Cloud, caller: Principal, request: Request): Reply {
  const body = parseBody(ApplicationBody, request.json);
  if ('status' in body) return body;
  const taken = body.uniqueName && cloud.directory.liveApplication((a) => a.uniqueName === body.uniqueName);
  if (taken) {
    return graphError(
      400,
      'Request_MultipleObjectsWithSameKeyValue',
      `Another object with the same value for property uniqueName already exists.`,
    );
  }
  return create(cloud, caller, body);
}

/**
 * PATCH /applications(uniqueName='..') with `Prefer: create-if-missing`: 201 with the new application, 204 when there
 * was one (https://learn.microsoft.com/graph/api/application-upsert).
 */
export function upsertApplication(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  uniqueName: string,
): Reply {
  const body = parseBody(ApplicationBody, request.json);
  if ('status' in body) return body;
  // Uniqueness is decided where the object is written, so it does not wait for replication.
  const existing = cloud.directory.liveApplication((a) => a.uniqueName === uniqueName);
  if (existing) return patchApplication(cloud, caller, request, existing);
  if (!/\bcreate-if-missing\b/.test(request.headers.prefer ?? '')) return notFound(uniqueName);
  return create(cloud, caller, { ...body, uniqueName });
}

function create(cloud: Cloud, caller: Principal, body: ApplicationBody): Reply {
  if (!mayCreate(cloud, caller)) return denied();
  if (!body.displayName) return badRequest('displayName');
  const { displayName, uniqueName, tags, signInAudience } = body;
  const application = cloud.directory.createApplication(
    {
      displayName,
      ...(uniqueName ? { uniqueName } : {}),
      ...(tags ? { tags } : {}),
      ...(signInAudience ? { signInAudience } : {}),
    },
    caller.oid,
  );
  const passwords = (body.passwordCredentials ?? []).map((p) => addPassword(cloud, application, p));
  const view = applicationView(application);
  return { status: 201, body: passwords.length > 0 ? { ...view, passwordCredentials: passwords } : view };
}

/** PATCH of an application that exists: 204. */
export function patchApplication(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  application: Application,
): Reply {
  if (!mayChange(cloud, caller, application)) return denied();
  const body = parseBody(ApplicationBody, request.json);
  if ('status' in body) return body;
  if (body.uniqueName !== undefined && body.uniqueName !== application.uniqueName) {
    return graphError(400, 'Request_BadRequest', "Property 'uniqueName' is immutable once it is set.");
  }
  if (body.displayName) application.displayName = body.displayName;
  if (body.tags) application.tags = [...body.tags];
  if (body.signInAudience) application.signInAudience = body.signInAudience;
  return { status: 204 };
}

/** GET, PATCH, DELETE, addPassword and removePassword of one application that the caller can see. */
export function handleApplication(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  application: Application,
  action: string | undefined,
): Reply {
  if (request.method === 'GET' && !action) {
    return { status: 200, body: select(applicationView(application), request.query.$select) };
  }
  if (!mayChange(cloud, caller, application)) return denied();
  switch (`${request.method} ${action ?? ''}`.trim()) {
    case 'PATCH':
      return patchApplication(cloud, caller, request, application);
    case 'DELETE':
      cloud.directory.softDeleteApplication(application);
      return { status: 204 };
    case 'POST addPassword': {
      const body = parseBody(z.object({ passwordCredential: NewPassword.optional() }), request.json ?? {});
      if ('status' in body) return body;
      return { status: 200, body: addPassword(cloud, application, body.passwordCredential ?? {}) };
    }
    case 'POST removePassword': {
      const body = parseBody(z.object({ keyId: z.string() }), request.json);
      if ('status' in body) return body;
      if (!application.passwords.some((p) => p.keyId === body.keyId)) {
        return graphError(
          400,
          'Request_BadRequest',
          `No password credential found with keyId ${body.keyId}.`,
        );
      }
      application.passwords = application.passwords.filter((p) => p.keyId !== body.keyId);
      return { status: 204 };
    }
    default:
      return graphError(
        405,
        'Request_BadRequest',
        `The stand-in knows no ${request.method} ${request.path}.`,
      );
  }
}

function addPassword(cloud: Cloud, application: Application, wanted: z.infer<typeof NewPassword>) {
  const {
    hash: _hash,
    visibleAt: _visibleAt,
    ...credential
  } = cloud.directory.addPassword(application, {
    displayName: wanted.displayName ?? null,
    ...(wanted.endDateTime ? { endDateTime: wanted.endDateTime } : {}),
  });
  return { customKeyIdentifier: null, ...credential };
}

function parseBody<T>(schema: z.ZodType<T>, json: unknown): T | Reply {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return badRequest(issue?.path.join('.') ?? 'body');
}

function badRequest(property: string): Reply {
  return graphError(
    400,
    'Request_BadRequest',
    `Invalid or missing value specified for property '${property}' of resource 'Application'.`,
  );
}
