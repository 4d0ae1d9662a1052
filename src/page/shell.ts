import { createHash } from 'node:crypto';
import type { Manifest } from './files.ts';

/** How callers prove who they are, as far as somebody who has not done so may know. */
export interface SignIn {
  readonly auth: 'key' | 'entra';
  /** With `entra`: what a token has to be for. */
  readonly audience?: string | undefined;
}

/** Everything comes from this app, nothing is written into the page, and nobody frames it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%234a7fb5'/%3E%3Cpath d='M9 7v18M23 7v18M9 16h14' stroke='white' stroke-width='4' stroke-linecap='round'/%3E%3C/svg%3E";

export interface Shell {
  readonly html: string;
  /** A strong ETag of the text. */
  readonly etag: string;
}

/** The static shell of the page: it holds no data and is the same for everybody. */
export function shellOf({ script, style, preload }: Manifest, { auth, audience }: SignIn): Shell {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="haymaker-auth" content="${auth}"${audience ? ` data-audience="${attribute(audience)}"` : ''}>
<title>HayMaker</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/dashboard/assets/${style}">
${preload.map((file) => `<link rel="modulepreload" href="/dashboard/assets/${file}">\n`).join('')}<script type="module" src="/dashboard/assets/${script}"></script>
</head>
<body>
<div id="app"><p class="boot">HayMaker</p></div>
<noscript><p class="boot">This page needs JavaScript. The same facts without it: the haymaker command, or GET /api/v1/status.</p></noscript>
</body>
</html>
`;
  return { html, etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"` };
}

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
