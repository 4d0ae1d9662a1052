import type { AgentState } from '../domain/agent.ts';
import type { CleanupSource } from '../domain/cleanup.ts';
import type { Report, ReportResource } from '../domain/report.ts';
import type { Phase, RunStatus } from '../domain/run.ts';

/** A source of evidence as a person calls it. */
export const SOURCE_NAMES: Record<CleanupSource, string> = {
  'resource-graph': 'Resource Graph',
  'resource-graph-roles': 'Resource Graph (roles)',
  'arm-ledger': 'ARM (each id)',
  'arm-groups': 'ARM (groups)',
  'arm-resources': 'ARM (resources)',
  'arm-soft-deleted': 'ARM (soft-deleted)',
  'role-assignments': 'Role assignments',
  'entra-applications': 'Entra applications',
  'entra-deleted-items': 'Entra (deleted)',
  'key-vault': 'Key Vault',
  'key-vault-deleted': 'Key Vault (deleted)',
  'container-apps-jobs': 'Container Apps jobs',
};

export const PHASE_NAMES: Record<Phase, string> = {
  validating: 'Validate',
  selecting: 'Select',
  provisioning: 'Provision',
  monitoring: 'Monitor',
  cleaning: 'Clean up',
  reporting: 'Report',
  ended: 'Ended',
};

export const STATE_NAMES: Record<AgentState, string> = {
  provisioning: 'not provisioned',
  running: 'did not end',
  completed: 'completed',
  failed: 'failed',
  lost: 'lost',
  removed: 'undone',
};

export const STATUS_NAMES: Record<RunStatus, string> = {
  completed: 'Completed',
  completed_with_failures: 'Completed with failures',
  failed: 'Failed',
  stopped: 'Stopped',
};

export const CLEANUP_NAMES: Record<Report['cleanup']['status'], string> = {
  verified: 'Clean-up verified',
  leftovers: 'Leftovers',
  unknown: 'Clean-up unknown',
  not_needed: 'No clean-up needed',
};

const KIND_NAMES: Record<string, string> = {
  'resource-group': 'Resource group',
  application: 'Entra application',
  'service-principal': 'Service principal',
  'deleted-application': 'Entra application (deleted)',
  'deleted-service-principal': 'Service principal (deleted)',
  'role-assignment': 'Role assignment',
  secret: 'Key Vault secret',
  'deleted-secret': 'Key Vault secret (deleted)',
  job: 'Container Apps job',
};

/** The kind of a thing as a person calls it: a name of ours, or the ARM type without "Microsoft.". */
export function typeName(resource: Pick<ReportResource, 'kind' | 'resourceType'>): string {
  return KIND_NAMES[resource.kind] ?? resource.resourceType.replace(/^Microsoft\./i, '');
}

/** The last segment of an ARM id; any other id as it is. */
export function shortName(id: string): string {
  return id.startsWith('/') ? (id.split('/').findLast((segment) => segment !== '') ?? id) : id;
}
