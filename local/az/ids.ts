import type { Invocation } from './invocation.ts';
import type { ResourceKind } from './resourceTypes.ts';
import { CliError } from './session.ts';

/** The id of the resource group of a command. */
export function groupId(invocation: Invocation): string {
  const subscription = process.env.AZURE_SUBSCRIPTION_ID;
  if (!subscription) throw new CliError('AZURE_SUBSCRIPTION_ID is not set: the shim takes it from there.', 2);
  const group = invocation.need('resource-group');
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

/** The id of the collection that a kind of resource is in: its ancestors are named by options. */
export function collectionId(invocation: Invocation, kind: ResourceKind): string {
  const [namespace, ...types] = kind.type.split('/');
  // `cognitiveservices account deployment` names its account by --name: then the option means the ancestor.
  const ancestors = kind.parents.map((parent) =>
    parent.startsWith('fixed:') ? parent.slice('fixed:'.length) : invocation.need(parent, 'name'),
  );
  const parts = types.flatMap((type, at) => (at < ancestors.length ? [type, ancestors[at] ?? ''] : [type]));
  return `${groupId(invocation)}/providers/${namespace}/${parts.join('/')}`;
}

/** The id of the resource that a command names: by --ids or --id, or by its names. */
export function resourceId(invocation: Invocation, kind: ResourceKind): string {
  const [given] = [...invocation.values('ids'), ...invocation.values('id')].filter((id) =>
    id.startsWith('/'),
  );
  if (given) return given;
  const last = invocation.group.split(' ').at(-1) ?? '';
  const options = [...(kind.nameOption ? [kind.nameOption] : []), 'name', `${last}-name`];
  const name = kind.fixedName ?? invocation.need(...options);
  return name.startsWith('/subscriptions/') ? name : `${collectionId(invocation, kind)}/${name}`;
}

/** A sibling in the same group by its type and name; an id stays what it is. */
export function siblingId(invocation: Invocation, type: string, name: string): string {
  return name.startsWith('/') ? name : `${groupId(invocation)}/providers/${type}/${name}`;
}
