import { WORLD } from '../world.ts';
import { type ArmTarget, parseArmPath } from './armPath.ts';
import { forAzureCli, isAzureCli } from './azureCli.ts';
import type { Cloud } from './cloud.ts';
import {
  azureError,
  type Principal,
  type Reply,
  type Request,
  type ResourceProvider,
  type Service,
} from './core.ts';
import { handleResource, listResources } from './genericResources.ts';
import { groupBeingDeleted, groupNotFound, handleGroup } from './groups.ts';
import { checkApiVersion, getProvider, listProviders } from './providers.ts';
import { createResourceGraph } from './resourceGraph.ts';
import { GROUP_TYPE } from './resources.ts';
import { resourcePage } from './resourceView.ts';
import { assignmentFacts, handleRoleAssignments, handleRoleDefinitions } from './roleAssignments.ts';
import { handleTags } from './tags.ts';

/**
 * Azure Resource Manager. Every request passes, in this order: throttling, api-version, existence of the subscription,
 * authorization, state of the resource group, locks; then the provider that owns the namespace, then the generic store.
 */
export function createArm(cloud: Cloud, providers: readonly ResourceProvider[]): Service {
  const resourceGraph = createResourceGraph(cloud);
  return {
    name: 'arm',
    hosts: /^management\.azure\.com$/,
    audiences: ['https://management.azure.com', 'https://management.core.windows.net'],
    async handle(request) {
      const { principal } = request;
      if (!principal) return azureError(401, 'AuthenticationFailed', 'Authentication failed.');
      if (/^\/providers\/Microsoft\.ResourceGraph\/resources$/i.test(request.path)) {
        return { ...resourceGraph(principal, request), operation: 'Microsoft.ResourceGraph/resources/read' };
      }
      const target = parseArmPath(request.method, request.path);
      const admission = admit(cloud, principal, request.method);
      const reply = admission.refusal ?? (await answer(cloud, providers, principal, request, target));
      const headers = { ...admission.headers, ...reply.headers };
      return forAzureCli(request, { ...reply, headers, operation: target.action });
    },
  };
}

function admit(cloud: Cloud, principal: Principal, method: string) {
  const kind = method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
  const admission = cloud.throttle.take(`${kind}/${principal.oid}`, cloud.limits[kind]);
  const headers = { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(admission.remaining) };
  if (admission.admitted) return { headers, refusal: undefined };
  const retryAfter = String(Math.max(1, Math.ceil(admission.retryAfterSeconds)));
  return {
    headers,
    refusal: azureError(
      429,
      'SubscriptionRequestsThrottled',
      `Number of '${kind}' for subscription '${WORLD.subscriptionId}' and principal '${principal.oid}' exceeded the limit. Please try again after '${retryAfter}' seconds.`,
      { 'retry-after': retryAfter },
    ),
  };
}

async function answer(
  cloud: Cloud,
  providers: readonly ResourceProvider[],
  caller: Principal,
  request: Request,
  target: ArmTarget,
): Promise<Reply> {
  const poll = cloud.operations.handle(request);
  if (poll) return poll;
  const refusal = refuse(cloud, caller, request, target);
  if (refusal) return refusal;
  if (!target.namespace) return subscriptionLevel(cloud, caller, request, target);
  if (!target.type) return getProvider(target.namespace);
  const [name] = target.names;
  const { parent } = target;
  switch (`${target.namespace}/${target.type}`.toLowerCase()) {
    case 'microsoft.authorization/locks':
      return cloud.locks.handle(request, parent, name);
    case 'microsoft.authorization/roleassignments':
      return handleRoleAssignments(cloud, caller, request, parent, name);
    case 'microsoft.authorization/roledefinitions':
      return handleRoleDefinitions(request, name);
    case 'microsoft.resources/tags':
      return handleTags(cloud, request, parent);
  }
  for (const provider of providers) {
    if (provider.namespace.toLowerCase() !== target.namespace.toLowerCase()) continue;
    const reply = await provider.handle(request);
    if (reply) return reply;
  }
  return handleResource(cloud, caller, request, target);
}

function refuse(cloud: Cloud, caller: Principal, request: Request, target: ArmTarget): Reply | undefined {
  const { subscriptionId } = target;
  const badVersion = checkApiVersion(target, request.query['api-version'], isAzureCli(request));
  if (badVersion) return badVersion;
  if (subscriptionId && subscriptionId.toLowerCase() !== WORLD.subscriptionId) {
    return azureError(
      404,
      'SubscriptionNotFound',
      `The subscription '${subscriptionId}' could not be found.`,
    );
  }
  const facts = assignmentFacts(cloud, request);
  const may = () => cloud.authorization.can(caller.oid, target.action, target.scope, 'action', facts);
  if (!isFilteredList(request, target) && !may()) {
    return cloud.authorization.forbid(caller, target.action, target.scope);
  }
  return refuseByState(cloud, request, target);
}

/** Lists of subscriptions, groups and resources are not refused; they show what the caller may see. */
function isFilteredList(request: Request, target: ArmTarget): boolean {
  return request.method === 'GET' && target.namespace === undefined && target.isCollection;
}

function refuseByState(cloud: Cloud, request: Request, target: ArmTarget): Reply | undefined {
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const isLock = /^locks$/i.test(target.type);
  if (target.group && (target.namespace || target.isCollection || request.method === 'PUT')) {
    const group = cloud.resources.get(
      `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${target.group}`,
    );
    const isGroupItself = !target.namespace && !target.isCollection;
    if (!group && !isGroupItself && request.method !== 'DELETE') return groupNotFound(target.group);
    const adds = request.method !== 'DELETE' && changes;
    if (group?.deletingUntil !== undefined && adds) return groupBeingDeleted(target.group);
  }
  if (!changes || isLock) return undefined;
  if (request.method !== 'DELETE') return cloud.locks.refuseWrite(target.scope);
  return target.scope === request.path
    ? cloud.locks.refuseDelete(target.scope)
    : cloud.locks.refuseDetach(target.scope);
}

/** Subscriptions, their groups, the list of providers and the lists of resources. */
function subscriptionLevel(cloud: Cloud, caller: Principal, request: Request, target: ArmTarget): Reply {
  const segments = request.path.split('/').filter(Boolean);
  const collection = target.isCollection ? segments.at(-1)?.toLowerCase() : undefined;
  if (collection === 'resources') return listResources(cloud, caller, request, target.scope);
  if (target.group && !collection) return handleGroup(cloud, caller, request, target.group);
  switch (collection) {
    case 'subscriptions':
      return { status: 200, body: { value: [subscriptionView()] } };
    case 'providers':
      return listProviders();
    case 'resourcegroups': {
      const groups = cloud.resources
        .list((r) => r.type === GROUP_TYPE)
        .filter((r) =>
          cloud.authorization.can(caller.oid, 'Microsoft.Resources/subscriptions/resourceGroups/read', r.id),
        );
      return resourcePage(request, groups, cloud.now());
    }
    case undefined:
      if (segments.length === 2 && request.method === 'GET') return { status: 200, body: subscriptionView() };
  }
  return azureError(404, 'NotFound', `The stand-in knows no ${request.method} ${request.path}.`);
}

function subscriptionView() {
  return {
    id: `/subscriptions/${WORLD.subscriptionId}`,
    subscriptionId: WORLD.subscriptionId,
    displayName: 'HayMaker stand-in',
    tenantId: WORLD.tenantId,
    state: 'Enabled',
    authorizationSource: 'RoleBased',
  };
}
