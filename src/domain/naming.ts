import { createHash } from 'node:crypto';

/** Everything of ours carries this tag with the value "true". */
export const MANAGED_TAG = 'AzureHayMaker-managed';
export const RUN_TAG = 'RunId';
export const SCENARIO_TAG = 'Scenario';
export const EXPIRES_TAG = 'ExpiresOn';

/** The prefix of every name that we give. */
export const NAME_PREFIX = 'hm-';

/** Container Apps job names: at most 32 characters, lower case, a letter first, no double hyphen. */
export const MAX_NAME_LENGTH = 32;

/** 8 hex characters derived from the run id; part of every name, because scheduled runs always overlap. */
export function runKey(runId: string): string {
  return createHash('sha256').update(runId).digest('hex').slice(0, 8);
}

/** The stem shared by agent id, resource group, job, application (unique name) and secret: hm-<runKey>-<scenarioId>. */
export function stem(runId: string, scenarioId: string): string {
  return `${NAME_PREFIX}${runKey(runId)}-${scenarioId}`;
}

/** The scenario that an agent id was made from with stem; empty for any other text. */
export function scenarioOf(agentId: string): string {
  return /^hm-[0-9a-f]{8}-(.+)$/.exec(agentId)?.[1] ?? '';
}

/** The prefix of all names of one run. */
export function runPrefix(runId: string): string {
  return `${NAME_PREFIX}${runKey(runId)}-`;
}

/** True for the ARM id of one of the run's groups, or of anything that lies in one. */
export function liesInRun(armId: string, runId: string): boolean {
  return armId.toLowerCase().includes(`/resourcegroups/${runPrefix(runId)}`);
}

/** The display name of an agent's Entra application. */
export function applicationDisplayName(runId: string, scenarioId: string): string {
  return `AzureHayMaker-${scenarioId}-${runKey(runId)}-admin`;
}

/** A prefix for names inside the agent's group that also fits services without hyphens or with 24 characters. */
export function agentNamePrefix(runId: string): string {
  return `hm${runKey(runId)}`;
}

/** Azure tags for everything of one agent that can carry tags. */
export function tagsFor(
  run: { runId: string; expiresOn: string; tags?: Record<string, string> },
  scenarioId: string,
): Record<string, string> {
  return {
    ...run.tags,
    [MANAGED_TAG]: 'true',
    [RUN_TAG]: run.runId,
    [SCENARIO_TAG]: scenarioId,
    [EXPIRES_TAG]: run.expiresOn,
  };
}

/** Entra has flat string tags: key:value, so that they can be filtered with tags/any(). */
export function directoryTags(runId: string, scenarioId: string, expiresOn: string): string[] {
  return [
    `${MANAGED_TAG}:true`,
    `${RUN_TAG}:${runId}`,
    `${SCENARIO_TAG}:${scenarioId}`,
    `${EXPIRES_TAG}:${expiresOn}`,
  ];
}
