import type { ZipEntry } from './zip.ts';

/** What a package may hold; everything else is refused. */
const ALLOWED = [
  /^host\.json$/,
  /^package\.json$/,
  /^dist\/index\.js$/,
  /^dist\/part-[A-Z0-9]{8}\.js$/,
  /^dist\/late-[a-z-]+\.js$/,
  /^dist\/functions\.json$/,
  /^dist\/page\/(?:manifest\.json|[\w-]+\.(?:js|css)(?:\.br|\.gz)?)$/,
  /^scenarios\/(?:README|[a-z0-9-]+)\.md$/,
];
const REQUIRED = ['host.json', 'package.json', 'dist/index.js', 'dist/functions.json'];

/** A cold start reads the archive and parses the bundle: growth is a decision, made here. */
export const MAX_ZIP_BYTES = 4 * 1_048_576;
export const MAX_BUNDLE_BYTES = 12 * 1_048_576;

/** What has no business in a deployed text, with what it would be. Scenarios show commands with made-up values. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/^\/\/[#@] ?sourceMappingURL=/m, 'a source map, or the name of one'],
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/, 'a private key'],
  [/\bsk-ant-[a-z]+\d+-[\w-]{20,}/, 'a key of the Anthropic API'],
  // The one that the SDKs hold themselves is the public one of the storage emulators.
  [/AccountKey=(?!Eby8vdM02xNOcq)[A-Za-z0-9+/]{40,}={0,2}/, 'a key of a storage account'],
  [/SharedAccessKey=[A-Za-z0-9+/]{20,}={0,2}/, 'a key of a Service Bus namespace'],
  [/\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/, 'a token'],
];

/** What is known of the machine that packs and may not be in the package. */
export interface Origin {
  /** The clone's folder. */
  readonly root: string;
  /** Values of local.settings.json. */
  readonly localSettings: readonly string[];
}

/** Shorter values (`node`, `eastus`, `true`) are found in any text. */
const SHORTEST_TELLING_VALUE = 16;

/** What is wrong with a package of these entries and this size, a sentence each; empty when it may be deployed. */
export function faultsOf(entries: readonly ZipEntry[], zipBytes: number, origin: Origin): string[] {
  const paths = entries.map(({ path }) => path);
  const bundleBytes = entries
    .filter(({ path }) => /^dist\/[\w-]+\.js$/.test(path))
    .reduce((sum, { data }) => sum + data.length, 0);
  return [
    ...paths
      .filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))
      .map((path) => `${path} is not on the list of what is deployed (local/stack/packageRules.ts).`),
    ...REQUIRED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing.`),
    ...(paths.some((path) => /^scenarios\/[a-z]+(?:-[a-z]+)*-\d\d/.test(path))
      ? []
      : ['There is no scenario in it.']),
    ...(zipBytes > MAX_ZIP_BYTES ? [`The zip has ${zipBytes} bytes, more than ${MAX_ZIP_BYTES}.`] : []),
    ...(bundleBytes > MAX_BUNDLE_BYTES
      ? [`The scripts in dist/ have ${bundleBytes} bytes, more than ${MAX_BUNDLE_BYTES}.`]
      : []),
    ...entries.flatMap((entry) => tracesIn(entry, origin)),
  ];
}

function tracesIn({ path, data }: ZipEntry, { root, localSettings }: Origin): string[] {
  const text = data.toString();
  return [
    ...FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path} holds ${what}.`),
    ...(text.includes(root) ? [`${path} names ${root}, a folder of the machine that packed it.`] : []),
    ...localSettings
      .filter((value) => value.length >= SHORTEST_TELLING_VALUE && text.includes(value))
      .map(() => `${path} holds a value of local.settings.json.`),
  ];
}
