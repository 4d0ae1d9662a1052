/** Where an Azure Resource Manager path points. */
export interface ArmTarget {
  /** undefined for tenant-wide paths. */
  readonly subscriptionId: string | undefined;
  readonly group: string | undefined;
  /** Path before the last /providers/: the scope that an extension such as a role assignment hangs on. */
  readonly parent: string;
  /** undefined for groups, subscriptions and their lists. */
  readonly namespace: string | undefined;
  /** Such as jobs/executions; the verb of a POST is not part of it. */
  readonly type: string;
  /** One name for each part of the type; one fewer for a collection. */
  readonly names: readonly string[];
  readonly isCollection: boolean;
  /** What the caller must be allowed to do, such as Microsoft.App/jobs/start/action. */
  readonly action: string;
  /** Over what. */
  readonly scope: string;
}

/**
 * Actions that are not named after their path
 * (https://learn.microsoft.com/azure/role-based-access-control/permissions/containers, Microsoft.App).
 */
const RENAMED: Readonly<Record<string, string>> = {
  'Microsoft.App/jobs/executions/stop/action': 'Microsoft.App/jobs/stop/execution/action',
};

const VERBS: Readonly<Record<string, string>> = { GET: 'read', HEAD: 'read', DELETE: 'delete' };

/** Reads a path such as /subscriptions/{id}/resourceGroups/{name}/providers/Microsoft.App/jobs/{name}/start. */
export function parseArmPath(method: string, path: string): ArmTarget {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  const [, group] = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(path) ?? [];
  const base = { subscriptionId, group };
  const at = path.toLowerCase().lastIndexOf('/providers/');
  const verb = VERBS[method] ?? 'write';
  if (at < 0) return { ...base, ...withoutProvider(path, verb) };

  const parent = path.slice(0, at);
  const [namespace = '', ...segments] = path.slice(at + '/providers/'.length).split('/');
  if (segments.length === 0) {
    return {
      ...base,
      parent,
      namespace,
      type: '',
      names: [],
      isCollection: false,
      action: `Microsoft.Resources/subscriptions/providers/${verb}`,
      scope: parent,
    };
  }
  const hasVerb = method === 'POST' && segments.length % 2 === 1;
  const parts = hasVerb ? segments.slice(0, -1) : segments;
  const types = parts.filter((_part, i) => i % 2 === 0);
  const names = parts.filter((_part, i) => i % 2 === 1);
  const isCollection = types.length > names.length;
  const type = types.join('/');
  const operation = hasVerb ? `${segments.at(-1)}/action` : verb;
  return {
    ...base,
    parent,
    namespace,
    type,
    names,
    isCollection,
    action: actionOf(namespace, type, operation, isCollection),
    scope: scopeOf(path, parent, {
      hangsOnParent: isExtension(namespace, type) || names.length === 0,
      endsInName: !isCollection && !hasVerb,
    }),
  };
}

function actionOf(namespace: string, type: string, operation: string, isCollection: boolean): string {
  const action = [namespace, type, operation].filter(Boolean).join('/');
  // One execution is read under another name than their list.
  if (!isCollection && action === 'Microsoft.App/jobs/executions/read')
    return 'Microsoft.App/jobs/execution/read';
  return RENAMED[action] ?? action;
}

/** Locks and role assignments belong to the scope that they hang on. */
function isExtension(namespace: string, type: string): boolean {
  return (
    /^Microsoft\.Authorization$/i.test(namespace) && /^(locks|roleAssignments|roleDefinitions)$/i.test(type)
  );
}

/** Over a collection or a verb decides what it belongs to; over a resource decides the resource. */
function scopeOf(
  path: string,
  parent: string,
  shape: { readonly hangsOnParent: boolean; readonly endsInName: boolean },
): string {
  if (shape.hangsOnParent) return parent || '/';
  return shape.endsInName ? path : path.slice(0, path.lastIndexOf('/'));
}

function withoutProvider(path: string, verb: string): Omit<ArmTarget, 'subscriptionId' | 'group'> {
  const segments = path.split('/').filter(Boolean);
  const last = segments.at(-1)?.toLowerCase() ?? '';
  const isCollection = segments.length % 2 === 1;
  const scope = isCollection ? `/${segments.slice(0, -1).join('/')}` : path;
  const inGroup = segments.length > 3;
  const kind = inGroup
    ? `subscriptions/resourceGroups${isCollection && last === 'resources' ? '/resources' : ''}`
    : `subscriptions${isCollection && segments.length === 3 ? `/${segments[2]}` : ''}`;
  return {
    parent: path,
    namespace: undefined,
    type: '',
    names: [],
    isCollection,
    action: `Microsoft.Resources/${kind}/${verb}`,
    scope,
  };
}
