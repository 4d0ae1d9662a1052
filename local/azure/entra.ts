import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request, Service } from './core.ts';
import { audienceOf } from './tokens.ts';

/** What clients ask before they trust an authority: that it is one of Microsoft's. */
const INSTANCES = {
  tenant_discovery_endpoint: 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
  'api-version': '1.1',
  metadata: [
    {
      preferred_network: 'login.microsoftonline.com',
      preferred_cache: 'login.windows.net',
      aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    },
  ],
};

/** Microsoft Entra ID: client credentials with a secret, real signed tokens, discovery document and keys. */
export function createEntra(cloud: Cloud): Service {
  const { tenantId, keys } = cloud.tokens;
  const authority = `https://login.microsoftonline.com/${tenantId}`;
  return {
    name: 'entra',
    hosts: /^login\.microsoftonline\.com$/,
    audiences: [],
    handle(request) {
      const [tenant, ...rest] = request.path.slice(1).split('/');
      if (rest.join('/').toLowerCase() === 'discovery/instance') return { status: 200, body: INSTANCES };
      if (tenant !== tenantId && tenant !== 'common') {
        return oauthError(
          400,
          'invalid_request',
          'AADSTS90002',
          `Tenant '${tenant}' not found. Check the tenant id.`,
        );
      }
      switch (rest.join('/').toLowerCase()) {
        case 'oauth2/v2.0/token':
          return token(cloud, request);
        case 'discovery/v2.0/keys':
        case 'discovery/keys':
          return { status: 200, body: { keys } };
        case 'v2.0/.well-known/openid-configuration':
        case '.well-known/openid-configuration':
          return {
            status: 200,
            body: {
              issuer: `https://sts.windows.net/${tenantId}/`,
              token_endpoint: `${authority}/oauth2/v2.0/token`,
              authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
              jwks_uri: `${authority}/discovery/v2.0/keys`,
              response_types_supported: ['token'],
              subject_types_supported: ['pairwise'],
              id_token_signing_alg_values_supported: ['RS256'],
            },
          };
        default:
          return oauthError(404, 'invalid_request', 'AADSTS90014', `No endpoint at '${request.path}'.`);
      }
    },
  };
}

async function token(cloud: Cloud, request: Request): Promise<Reply> {
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('grant_type') !== 'client_credentials') {
    return oauthError(
      400,
      'unsupported_grant_type',
      'AADSTS70003',
      `The grant type '${form.get('grant_type')}' is not supported; use client_credentials.`,
    );
  }
  const scope = form.get('scope') ?? '';
  const resource = scope.split(' ').find((s) => s.endsWith('/.default'));
  if (!resource) {
    return oauthError(
      400,
      'invalid_scope',
      'AADSTS1002012',
      `The provided value for scope '${scope}' is not valid; it must end with /.default.`,
    );
  }
  const clientId = form.get('client_id') ?? '';
  const caller = authenticate(cloud, clientId, form.get('client_secret') ?? '');
  if ('status' in caller) return caller;
  const issued = await cloud.tokens.issue(caller, audienceOf(resource));
  const lifetime = issued.expiresOn - Math.floor(cloud.now() / 1000);
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: issued.token,
    },
    headers: { 'cache-control': 'no-store' },
    operation: 'Token/issue',
  };
}

function authenticate(cloud: Cloud, clientId: string, secret: string): Principal | Reply {
  const { directory } = cloud;
  const application = directory.liveApplication((a) => a.appId === clientId);
  if (!application || !directory.isVisible(application)) {
    return oauthError(
      400,
      'unauthorized_client',
      'AADSTS700016',
      `Application with identifier '${clientId}' was not found in the directory '${cloud.tokens.tenantId}'.`,
    );
  }
  const servicePrincipal = directory.liveServicePrincipal(clientId);
  if (!servicePrincipal || !directory.isVisible(servicePrincipal)) {
    return oauthError(
      401,
      'invalid_client',
      'AADSTS7000229',
      `The client application '${clientId}' is missing service principal in the tenant.`,
    );
  }
  const password = directory.findPassword(application, secret);
  if (!password) {
    return oauthError(
      401,
      'invalid_client',
      'AADSTS7000215',
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
  if (Date.parse(password.endDateTime) <= cloud.now()) {
    return oauthError(
      401,
      'invalid_client',
      'AADSTS7000222',
      `The provided client secret keys for app '${clientId}' are expired.`,
    );
  }
  return { oid: servicePrincipal.id, appId: clientId, displayName: servicePrincipal.displayName };
}

function oauthError(status: number, error: string, code: string, message: string): Reply {
  return {
    status,
    body: {
      error,
      error_description: `${code}: ${message} Trace ID: ${randomUUID()}`,
      error_codes: [Number(code.slice('AADSTS'.length))],
    },
    operation: 'Token/issue',
  };
}
