/** Where a command may reach. */
export interface Reach {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** With which everything of ours begins. */
  readonly namePrefix: string;
}

/** Options whose value is a path of a web address or of a document, not of a file. */
const WEB_PATHS = new Set([
  '--path',
  '--paths',
  '--content-paths',
  '--partition-key-path',
  '--patterns-to-match',
  '--probe-path',
  '--health-probe-path',
  '--origin-path',
]);
/** Data planes of resources whose names carry our prefix. */
const AZURE_HOSTS =
  /\.(?:vault\.azure\.net|(?:blob|queue|table|file|web)\.core\.windows\.net|azurecr\.io|azurewebsites\.net|cognitiveservices\.azure\.com)$/;

/** Why a value of an option must not be passed on; undefined when it may. */
export function valueProblem(option: string, value: string, reach: Reach): string | undefined {
  if (/^-/.test(value) && !/^-\d+(?:\.\d+)?$/.test(value))
    return `${option}: "${value}" looks like an option`;
  const text = decoded(value);
  if (text === undefined) return `${option}: "${value}" is badly encoded`;
  return fileProblem(option, text) ?? idProblem(option, text, reach) ?? urlProblem(option, text, reach);
}

/** Twice, for what is encoded twice reaches Azure encoded once. */
function decoded(value: string): string | undefined {
  if (!/%[0-9a-f]{2}/i.test(value)) return value;
  try {
    return decodeURIComponent(decodeURIComponent(value));
  } catch {
    return undefined;
  }
}

function fileProblem(option: string, value: string): string | undefined {
  // The CLI replaces @file by what is in the file; some commands do so after a key and in lists.
  for (const part of value.split(/[=,;\s]/)) {
    if (part.startsWith('@') && !/^@[A-Za-z0-9_][\w-]*(?:\.[\w-]+)*$/.test(part)) {
      return `${option}: "${part}" reads a file outside the folder`;
    }
  }
  if (/(?:^|[/\\=])\.\.(?:[/\\]|$)/.test(value)) return `${option}: "${value}" leaves the folder`;
  if (/^(?:file|ftp|data|gopher):/i.test(value)) return `${option}: "${value}" is not a web address of ours`;
  const isId = /^\/(?:subscriptions|providers)\//i.test(value);
  if (/^[/\\~]/.test(value) && !isId && !WEB_PATHS.has(option)) {
    return `${option}: "${value}" is a file outside the folder`;
  }
  return undefined;
}

/** Every resource id in the value, wherever it stands, must lie in our group. */
function idProblem(option: string, value: string, reach: Reach): string | undefined {
  const own = `/subscriptions/${reach.subscriptionId}/resourcegroups/${reach.resourceGroup}`.toLowerCase();
  const lower = value.toLowerCase().replace(/\/{2,}/g, '/');
  for (let at = lower.indexOf('subscriptions/'); at !== -1; at = lower.indexOf('subscriptions/', at + 1)) {
    const id = `/${lower.slice(at)}`;
    if (!id.startsWith(own) || !/^(?:[/\s"',\])}?]|$)/.test(id.slice(own.length))) {
      return `${option}: an id outside the group ${reach.resourceGroup}`;
    }
  }
  if (/(?:^|[^a-z])(?:resourcegroups|managementgroups)\//.test(lower) && !lower.includes(own)) {
    return `${option}: an id outside the group ${reach.resourceGroup}`;
  }
  if (/\/providers\/microsoft\.(?:authorization|management)\//.test(lower)) {
    return `${option}: a role assignment, lock or policy by its id`;
  }
  return undefined;
}

function urlProblem(option: string, value: string, reach: Reach): string | undefined {
  for (const [address] of value.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s"',\])}]*/gi)) {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const isOurs =
      url?.protocol === 'https:' &&
      url.username === '' &&
      url.password === '' &&
      url.port === '' &&
      url.hostname.startsWith(reach.namePrefix.toLowerCase()) &&
      AZURE_HOSTS.test(url.hostname);
    if (!isOurs) return `${option}: the address ${address} is not one of ours`;
  }
  return undefined;
}
