import { z } from 'zod';
import { azureError, type Reply } from './core.ts';

const EnvironmentVariable = z.looseObject({
  name: z.string().min(1),
  value: z.string().optional(),
  secretRef: z.string().optional(),
});

const Container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1),
  env: z.array(EnvironmentVariable).default([]),
  resources: z.looseObject({ cpu: z.number().positive(), memory: z.string() }).optional(),
});

const Secret = z.looseObject({
  name: z.string().min(1),
  value: z.string().optional(),
  keyVaultUrl: z.string().optional(),
  identity: z.string().optional(),
});

/** The body of `PUT .../jobs/{name}` as far as it matters here. */
export const JobBody = z.looseObject({
  location: z.string().min(1),
  tags: z.record(z.string(), z.string()).default({}),
  identity: z
    .looseObject({
      type: z.string().default('None'),
      userAssignedIdentities: z.record(z.string(), z.unknown()).default({}),
    })
    .default({ type: 'None', userAssignedIdentities: {} }),
  properties: z.looseObject({
    environmentId: z.string().min(1),
    workloadProfileName: z.string().nullish(),
    configuration: z.looseObject({
      triggerType: z.enum(['Manual', 'Schedule', 'Event']),
      replicaTimeout: z.number().int().positive(),
      replicaRetryLimit: z.number().int().nonnegative().default(0),
      registries: z.array(z.looseObject({ server: z.string(), identity: z.string().optional() })).default([]),
      secrets: z.array(Secret).default([]),
      identitySettings: z
        .array(z.looseObject({ identity: z.string(), lifecycle: z.enum(['Init', 'Main', 'None', 'All']) }))
        .default([]),
    }),
    template: z.looseObject({ containers: z.array(Container).min(1) }),
  }),
});
export type JobBody = z.infer<typeof JobBody>;

/** The optional body of `POST .../jobs/{name}/start`: a template instead of the job's own. */
export const StartBody = z.looseObject({ containers: z.array(Container).min(1) });
export type JobContainer = z.infer<typeof Container>;

const MAX_NAME = 32;
const GIB = /^(\d+(?:\.\d+)?)Gi$/;
const CONSUMPTION_STEP = 0.25;
const CONSUMPTION_MAX_CPU = 4;
const GIB_PER_CPU = 2;

/** Job names: 2 to 32 lower-case letters, digits and hyphens, a letter first, no double hyphen, no hyphen at the end. */
export function nameProblem(name: string): Reply | undefined {
  const valid = name.length >= 2 && name.length <= MAX_NAME && /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/.test(name);
  return valid
    ? undefined
    : azureError(
        400,
        'ContainerAppInvalidName',
        `Invalid ContainerApp name '${name}'. A name must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must not be more than ${MAX_NAME} characters.`,
      );
}

/** Reads a job's body; a string says what is wrong with it. */
export function parseJob(json: unknown): JobBody | string {
  const parsed = JobBody.safeParse(json);
  return parsed.success ? parsed.data : z.prettifyError(parsed.error);
}

/**
 * Whether the containers fit the Consumption profile together: 0.25 to 4 vCPU in steps of 0.25 with 2 GiB for each
 * (https://learn.microsoft.com/azure/container-apps/containers#allocations).
 */
export function allocationProblem(containers: readonly JobContainer[]): Reply | undefined {
  const cpu = sum(containers.map((one) => one.resources?.cpu ?? CONSUMPTION_STEP));
  const memory = sum(
    containers.map((one) => Number(GIB.exec(one.resources?.memory ?? '0.5Gi')?.[1] ?? Number.NaN)),
  );
  const fits =
    cpu <= CONSUMPTION_MAX_CPU &&
    Number.isInteger(cpu / CONSUMPTION_STEP) &&
    Math.abs(memory - cpu * GIB_PER_CPU) < 0.001;
  return fits
    ? undefined
    : azureError(
        400,
        'ContainerAppInvalidResourceTotal',
        `The total requested CPU and memory resources for this application (CPU: ${cpu}, memory: ${memory}) is invalid. Total CPU and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: from [cpu: 0.25, memory: 0.5Gi] in steps of [cpu: 0.25, memory: 0.5Gi] to [cpu: 4, memory: 8Gi].`,
      );
}

/** A name that the job refers to but does not have: a secret or an identity; undefined when all are there. */
export function danglingReference(job: JobBody): Reply | undefined {
  const { configuration, template } = job.properties;
  const assigned = new Set(Object.keys(job.identity.userAssignedIdentities).map((id) => id.toLowerCase()));
  const named = [
    ...configuration.registries.map((one) => ['configuration.registries', one.identity] as const),
    ...configuration.secrets.map((one) => ['configuration.secrets', one.identity] as const),
    ...configuration.identitySettings.map((one) => ['configuration.identitySettings', one.identity] as const),
  ];
  for (const [field, identity] of named) {
    if (identity && !assigned.has(identity.toLowerCase()))
      return invalidField(field, `the identity '${identity}' is not assigned to the job`);
  }
  const secrets = new Set(configuration.secrets.map((one) => one.name));
  for (const container of template.containers) {
    for (const { secretRef } of container.env) {
      if (secretRef && !secrets.has(secretRef))
        return azureError(
          400,
          'ContainerAppSecretRefNotFound',
          `SecretRef '${secretRef}' defined for container '${container.name}' not found.`,
        );
    }
  }
  const sourceless = configuration.secrets.find((one) => !one.value && !(one.keyVaultUrl && one.identity));
  return sourceless
    ? invalidField(
        'configuration.secrets',
        `'${sourceless.name}' needs a value, or a keyVaultUrl and an identity`,
      )
    : undefined;
}

/** Azure's answer to a field that it does not accept. */
export function invalidField(field: string, details: string): Reply {
  return azureError(
    400,
    'InvalidParameterValueInContainerTemplate',
    `The following field(s) are either invalid or missing. Field '${field}' is invalid with details: '${details}'.`,
  );
}

/** The job's properties without the values of its secrets: what GET, lists and Resource Graph may show. */
export function withoutSecretValues(job: JobBody): JobBody['properties'] {
  const { configuration } = job.properties;
  return {
    ...job.properties,
    configuration: {
      ...configuration,
      secrets: configuration.secrets.map(({ value: _value, ...shown }) => shown),
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
