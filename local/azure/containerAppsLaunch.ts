import { randomUUID } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import type { ContainerProgram, Execution } from './containerAppsExecution.ts';
import type { JobBody, JobContainer } from './containerAppsJob.ts';
import type { Principal } from './core.ts';
import type { KeyVault } from './keyVault.ts';
import type { Registry } from './registry.ts';

export interface LaunchDeps {
  readonly keyVault: Pick<KeyVault, 'resolve'>;
  readonly registry: Pick<Registry, 'pullProblem'>;
  /** What runs in every container, whatever its image holds. */
  readonly program: ContainerProgram;
  /** Variables that a container gets from the machine it runs on: how it reaches Azure, and its identity endpoint. */
  readonly hostEnvironment: () => Readonly<Record<string, string>>;
}

/** Pulls the image, resolves the secrets, starts the program and waits for its end. Failures end the execution. */
export async function launch(
  cloud: Cloud,
  deps: LaunchDeps,
  job: { readonly name: string; readonly body: JobBody; readonly container: JobContainer },
  execution: Execution,
): Promise<void> {
  const pull = pullProblem(cloud, deps.registry, job.body, job.container.image);
  if (pull) return execution.fail('ImagePullFailure', pull);
  const secrets = resolveSecrets(cloud, deps.keyVault, job.body);
  if (typeof secrets === 'string') return execution.fail('SecretResolutionFailure', secrets);
  const header = randomUUID();
  cloud.secretsIssued.record('identity-header', execution.name, header);
  cloud.identities.grant(header, visibleIdentities(cloud, job.body));
  try {
    const environment = {
      ...deps.hostEnvironment(),
      IDENTITY_HEADER: header,
      CONTAINER_APP_JOB_NAME: job.name,
      CONTAINER_APP_JOB_EXECUTION_NAME: execution.name,
      CONTAINER_APP_REPLICA_NAME: `${execution.name}-0`,
      ...containerEnvironment(job.container, secrets),
    };
    await execution.run(deps.program, environment, memoryMiB(job.container));
  } finally {
    cloud.identities.revoke(header);
  }
}

/** `4Gi` and `512Mi` as Container Apps writes memory. */
function memoryMiB({ resources }: JobContainer): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(Gi|Mi)$/.exec(resources?.memory ?? '') ?? [];
  return amount === undefined ? undefined : Math.floor(Number(amount) * (unit === 'Gi' ? 1_024 : 1));
}

/** Why the image cannot be pulled with the identity that the job names for its registry; undefined when it can. */
export function pullProblem(
  cloud: Cloud,
  registry: Pick<Registry, 'pullProblem'>,
  body: JobBody,
  image: string,
): string | undefined {
  const [server = ''] = image.split('/');
  const entry = body.properties.configuration.registries.find(
    (one) => one.server.toLowerCase() === server.toLowerCase(),
  );
  const puller = entry?.identity ? identityPrincipal(cloud, entry.identity) : undefined;
  if (!puller) return `UNAUTHORIZED: the job names no existing identity for the registry ${server}.`;
  return registry.pullProblem(puller, image);
}

/** The values of all secrets by name, or a sentence about the first one that cannot be had. */
export function resolveSecrets(
  cloud: Cloud,
  keyVault: Pick<KeyVault, 'resolve'>,
  body: JobBody,
): Map<string, string> | string {
  const values = new Map<string, string>();
  for (const { name, value, keyVaultUrl, identity } of body.properties.configuration.secrets) {
    if (value !== undefined) {
      values.set(name, value);
      continue;
    }
    const reader = identity ? identityPrincipal(cloud, identity) : undefined;
    if (!reader || !keyVaultUrl) return `The identity '${identity}' of the secret '${name}' does not exist.`;
    const resolved = keyVault.resolve(reader, keyVaultUrl);
    if ('problem' in resolved) return resolved.problem;
    values.set(name, resolved.value);
  }
  return values;
}

/** The identities whose tokens the container may have: all but those with lifecycle None. */
export function visibleIdentities(cloud: Cloud, body: JobBody): Principal[] {
  const hidden = new Set(
    body.properties.configuration.identitySettings
      .filter((one) => one.lifecycle === 'None')
      .map((one) => one.identity.toLowerCase()),
  );
  return Object.keys(body.identity.userAssignedIdentities)
    .filter((id) => !hidden.has(id.toLowerCase()))
    .flatMap((id) => identityPrincipal(cloud, id) ?? []);
}

/** The principal of a user-assigned identity by its resource id. */
export function identityPrincipal(cloud: Cloud, identityId: string): Principal | undefined {
  const oid = cloud.resources.get(identityId)?.properties.principalId;
  const known = typeof oid === 'string' ? cloud.directory.servicePrincipals.get(oid) : undefined;
  return known && { oid: known.id, appId: known.appId, displayName: known.displayName };
}

function containerEnvironment(
  container: JobContainer,
  secrets: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    container.env.map(({ name, value, secretRef }) => [
      name,
      (secretRef === undefined ? value : secrets.get(secretRef)) ?? '',
    ]),
  );
}
