import { describe, expect, it } from 'vitest';
import { createScrub, scrubDeep } from '../../agent/scrub.ts';

const SECRET = 'q8Z~k3y+/=value';
const scrub = createScrub([SECRET, undefined, 'x']);
const KEY = `${'Ab1+'.repeat(21)}Cd==`;

describe('scrubbing', () => {
  it.each([
    ['the secret itself', `login failed for ${SECRET}.`, `login failed for ***.`],
    ['the secret in a URL', `p=${encodeURIComponent(SECRET)}`, 'p=***'],
    ['the secret as base64', Buffer.from(SECRET).toString('base64'), '***'],
    ['a token', 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwcyJ9.c2lnbmF0dXJl', 'Bearer ***'],
    ['a key of Anthropic', 'key sk-ant-api03-abcdefgh', 'key ***'],
    ['a storage key', `key1 ${KEY}`, 'key1 ***'],
    [
      'a connection string',
      `AccountName=a;AccountKey=${KEY};EndpointSuffix=x`,
      'AccountName=a;AccountKey=***;EndpointSuffix=x',
    ],
    [
      'a signature',
      'https://a.blob.core.windows.net/c/b?sv=1&sig=abc%2F&se=2',
      'https://a.blob.core.windows.net/c/b?sv=1&sig=***&se=2',
    ],
    [
      'JSON with a password',
      '{"adminPassword": "hun\\"ter2", "name": "a"}',
      '{"adminPassword": "***", "name": "a"}',
    ],
    [
      'a password in a command',
      'az vm create --admin-password Hunter2 --name a',
      'az vm create --admin-password *** --name a',
    ],
    ['a user in an address', 'mysql://root:hunter2@host/db', 'mysql://root:***@host/db'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----', '***'],
    ['a header', 'Ocp-Apim-Subscription-Key: 0123456789abcdef', 'Ocp-Apim-Subscription-Key: ***'],
  ])('masks %s', (_what, text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it('leaves names, ids and hashes alone', () => {
    const text =
      '/subscriptions/2b9e64d7-0c35-4f18-a6d2-91c7e3f8b540/resourceGroups/hm-4bcdb2eb-security-01 x, key vault hm-kv';
    expect(scrub(text)).toBe(text);
  });

  it('goes into lists and objects', () => {
    expect(scrubDeep(scrub, { a: [SECRET, 1, null], b: { c: `is ${SECRET}` } })).toEqual({
      a: ['***', 1, null],
      b: { c: 'is ***' },
    });
  });
});
