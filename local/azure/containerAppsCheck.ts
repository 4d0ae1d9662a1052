import type { Cloud } from './cloud.ts';
import { allocationProblem, danglingReference, invalidField, type JobBody } from './containerAppsJob.ts';
import { identityPrincipal, type LaunchDeps, pullProblem, resolveSecrets } from './containerAppsLaunch.ts';
import { azureError, type Reply, type Request } from './core.ts';

/** What Azure would refuse a job for, looking at everything that it refers to. */
export function jobProblem(
  cloud: Cloud,
  deps: Pick<LaunchDeps, 'keyVault' | 'registry'>,
  request: Request,
  body: JobBody,
): Reply | undefined {
  const { environmentId, workloadProfileName, template } = body.properties;
  const environment = cloud.resources.get(environmentId);
  if (!environment) {
    return azureError(
      400,
      'ManagedEnvironmentNotFound',
      `The environment '${environmentId}' does not exist.`,
    );
  }
  if (environment.location !== body.location) {
    return invalidField(
      'location',
      `the environment is in ${environment.location}, the job in ${body.location}`,
    );
  }
  const forbidden = linkedAuthorization(cloud, request, body);
  if (forbidden) return forbidden;
  const profiles = (environment.properties.workloadProfiles ?? []) as {
    name: string;
    workloadProfileType: string;
  }[];
  const profile = profiles.find((one) => one.name === (workloadProfileName ?? 'Consumption'));
  if (!profile) {
    return azureError(
      400,
      'WorkloadProfileNameNotFound',
      `The workload profile '${workloadProfileName}' is not in the environment. It has: ${profiles.map((one) => one.name).join(', ')}.`,
    );
  }
  const allocation =
    profile.workloadProfileType === 'Consumption' ? allocationProblem(template.containers) : undefined;
  const dangling = allocation ?? danglingReference(body);
  if (dangling) return dangling;
  for (const { name, image } of template.containers) {
    const problem = pullProblem(cloud, deps.registry, body, image);
    if (problem)
      return invalidField(`template.containers.${name}.image`, `Invalid value: "${image}": ${problem}`);
  }
  const secrets = resolveSecrets(cloud, deps.keyVault, body);
  return typeof secrets === 'string' ? invalidField('configuration.secrets', secrets) : undefined;
}

/** The caller also needs rights on what the job is put into and on the identities that it is given. */
function linkedAuthorization(cloud: Cloud, { principal, path }: Request, body: JobBody): Reply | undefined {
  const needed: [string, string][] = [
    ['Microsoft.App/managedEnvironments/join/action', body.properties.environmentId],
  ];
  for (const id of Object.keys(body.identity.userAssignedIdentities)) {
    if (!identityPrincipal(cloud, id)) {
      return azureError(
        400,
        'FailedIdentityOperation',
        `Identity operation for resource failed: the resource '${id}' was not found.`,
      );
    }
    needed.push(['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', id]);
  }
  const missing = needed.find(
    ([action, scope]) => !principal || !cloud.authorization.can(principal.oid, action, scope),
  );
  return missing
    ? azureError(
        403,
        'LinkedAuthorizationFailed',
        `The client '${principal?.appId}' has permission to perform action 'Microsoft.App/jobs/write' on scope '${path}'; however, it does not have permission to perform action '${missing[0]}' on the linked scope '${missing[1]}' or the linked scope is invalid.`,
      )
    : undefined;
}
