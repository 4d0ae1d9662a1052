import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { getServices } from '../services.ts';
import { pageFile, pageManifest } from './files.ts';
import { PAGE_POLICY, type SignIn, shellOf } from './shell.ts';

const SAFE = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };
const FOREVER = 'public, max-age=31536000, immutable';

/** GET /: to the page. In Azure this needs AzureWebJobsDisableHomepage=true; without it the platform's page is shown. */
export async function home(): Promise<HttpResponseInit> {
  return { status: 302, headers: { Location: '/dashboard', 'Cache-Control': 'no-cache' } };
}

/** GET dashboard: the static shell. It is asked for every time and mostly answered with 304. */
export async function dashboard(request: HttpRequest): Promise<HttpResponseInit> {
  const { html, etag } = shellOf(await pageManifest(), signIn());
  const headers = {
    ...SAFE,
    'Content-Security-Policy': PAGE_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Cache-Control': 'no-cache',
    ETag: etag,
  };
  if (isFresh(request, etag)) return { status: 304, headers };
  return { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body: html };
}

/** GET dashboard/assets/{file}: what the shell loads. A name holds the hash of its content, so it never changes. */
export async function asset(request: HttpRequest): Promise<HttpResponseInit> {
  const name = request.params.file ?? '';
  const file = await pageFile(name, request.headers.get('accept-encoding') ?? '');
  if (!file) {
    const body = 'There is no such file. The page has changed: load it again.\n';
    return { status: 404, headers: { ...SAFE, 'Cache-Control': 'no-store' }, body };
  }
  // The encodings of one file are different representations: each has a tag of its own (RFC 9110, section 8.8.3).
  const etag = `"${name}${file.encoding ? `.${file.encoding}` : ''}"`;
  const headers = { ...SAFE, 'Cache-Control': FOREVER, ETag: etag, Vary: 'Accept-Encoding' };
  if (isFresh(request, etag)) return { status: 304, headers };
  const encoded = file.encoding ? { 'Content-Encoding': file.encoding } : {};
  return { headers: { ...headers, ...encoded, 'Content-Type': file.type }, body: file.body };
}

/** The page is served even when a setting is wrong: its view "health" is where one sees that. */
function signIn(): SignIn {
  try {
    const { api } = getServices().config;
    return api.auth === 'entra' ? { auth: 'entra', audience: api.audiences[0] } : { auth: 'key' };
  } catch {
    return { auth: 'key' };
  }
}

function isFresh(request: HttpRequest, etag: string): boolean {
  const known = (request.headers.get('if-none-match') ?? '').split(',');
  return known.some((one) => one.trim().replace(/^W\//, '') === etag);
}
