import { inspect } from 'node:util';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { AuthenticationError, CredentialUnavailableError } from '@azure/identity';
import { ServiceBusError } from '@azure/service-bus';
import { describe, expect, test } from 'vitest';
import { azureCall } from '../../src/azure/call.ts';
import { fromAzure } from '../../src/azure/errors.ts';
import {
  Blocked,
  Denied,
  HaymakerError,
  Missing,
  NotReadyYet,
  Rejected,
  Throttled,
  Unavailable,
} from '../../src/domain/errors.ts';

function restError(statusCode: number, code: string, message = 'no', headers: Record<string, string> = {}) {
  const request = createPipelineRequest({ url: 'https://management.azure.com/' });
  return new RestError(message, {
    statusCode,
    code,
    request,
    response: { request, status: statusCode, headers: createHttpHeaders(headers) },
  });
}

describe('fromAzure', () => {
  test.each([
    [restError(404, 'ResourceNotFound'), Missing],
    [restError(401, 'InvalidAuthenticationToken'), Denied],
    [restError(403, 'AuthorizationFailed'), Denied],
    [restError(409, 'ScopeLocked'), Blocked],
    [restError(412, 'ConditionNotMet'), Blocked],
    [restError(500, 'InternalServerError'), Unavailable],
    [restError(503, 'ServerBusy'), Unavailable],
    [restError(408, 'Timeout'), Unavailable],
    [restError(400, 'BadRequest'), Rejected],
    [restError(429, 'TooManyRequests'), Throttled],
    [restError(400, 'PrincipalNotFound'), NotReadyYet],
    [
      restError(400, 'Request_BadRequest', "The appId 'x' does not reference a valid application object."),
      NotReadyYet,
    ],
    [new RestError('getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }), Unavailable],
    [new RestError('connect ECONNREFUSED', { code: 'REQUEST_SEND_ERROR' }), Unavailable],
    [
      new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
      Unavailable,
    ],
    [new DOMException('The operation was aborted', 'AbortError'), Unavailable],
    [new CredentialUnavailableError('no identity endpoint'), Unavailable],
    [new ServiceBusError('gone', 'MessagingEntityNotFound'), Missing],
    [new ServiceBusError('no claim', 'UnauthorizedAccess'), Denied],
    [new ServiceBusError('busy', 'ServiceBusy'), Throttled],
    [new ServiceBusError('slow', 'ServiceTimeout'), Unavailable],
    [new Error('what'), Rejected],
    ['a string', Rejected],
  ])('%s', (error, kind) => {
    expect(fromAzure(error, 'doing it')).toBeInstanceOf(kind);
  });

  test('a new principal that Entra cannot find yet is not ready', () => {
    const error = new AuthenticationError(400, {
      error: 'unauthorized_client',
      error_description: "AADSTS700016: Application with identifier 'x' was not found in the directory",
    });
    expect(fromAzure(error, 'signing in')).toBeInstanceOf(NotReadyYet);
  });

  test('a wrong client secret is denied', () => {
    const error = new AuthenticationError(401, {
      error: 'invalid_client',
      error_description: 'AADSTS7000215: Invalid client secret provided.',
    });
    expect(fromAzure(error, 'signing in')).toBeInstanceOf(Denied);
  });

  test('a 404 for what was just made is not ready', () => {
    const error = restError(404, 'Request_ResourceNotFound');
    expect(fromAzure(error, 'x', { justMade: true })).toBeInstanceOf(NotReadyYet);
  });

  test.each([
    [{ 'retry-after': '17' }, 17],
    [{ 'retry-after-ms': '1500' }, 2],
    [{ 'x-ms-user-quota-resets-after': '00:01:05' }, 65],
    [{}, 5],
  ])('waits as long as %j says', (headers, seconds) => {
    const error = fromAzure(restError(429, 'RateLimiting', 'slow down', headers), 'x');
    expect(error).toMatchObject({ retryAfterSeconds: seconds });
  });

  test('tells what was being done, the reason, the code, and keeps the cause', () => {
    const cause = restError(409, 'ScopeLocked', 'The scope is locked.');
    const error = fromAzure(cause, 'deleting /x');
    expect(error.message).toMatch(/^deleting \/x: The scope is locked\. \(409 ScopeLocked\)\. \w/);
    expect(error).toMatchObject({ code: 'ScopeLocked', cause });
  });

  test('repeats no token and no key', () => {
    const message =
      'Bearer eyJhbGciOi.eyJvaWQ.c2ln refused, sig=abc%3D&client_secret=hunter2 AccountKey=zzz==';
    const text = fromAzure(restError(401, 'X', message), 'x').message;
    expect(text).not.toMatch(/eyJ|abc|hunter2|zzz/);
  });

  test('shows no header and no body of the request when it is logged with its cause', () => {
    const request = createPipelineRequest({
      url: 'https://kv.vault.azure.net/secrets/x',
      headers: createHttpHeaders({ authorization: 'Bearer t0ken' }),
      body: '{"value":"hunter2"}',
    });
    const error = fromAzure(new RestError('no', { statusCode: 400, request }), 'writing secret x');
    expect(inspect(error, { depth: null })).not.toMatch(/t0ken|hunter2/);
  });

  test('leaves our own errors alone', () => {
    const error = new Throttled('x', 9);
    expect(fromAzure(error, 'y')).toBe(error);
  });
});

describe('azureCall', () => {
  test('does not wait for a client that ignores the signal', async () => {
    const call = azureCall('hanging', () => new Promise(() => {}), { timeoutMs: 20 });
    await expect(call).rejects.toThrow(Unavailable);
  });

  test('aborts the signal when time is up', async () => {
    let signal: AbortSignal | undefined;
    const call = azureCall(
      'hanging',
      (given) => {
        signal = given;
        return new Promise(() => {});
      },
      { timeoutMs: 20 },
    );
    await expect(call).rejects.toThrow(HaymakerError);
    expect(signal?.aborted).toBe(true);
  });
});
