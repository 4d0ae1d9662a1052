import type { RoleAssignment } from './authorization.ts';
import type { Cloud } from './cloud.ts';
import type { StoredResource } from './core.ts';
import type { Row, Table } from './kql.ts';
import { GROUP_TYPE } from './resources.ts';
import { provisioningState } from './resourceView.ts';
import { assignmentProperties } from './roleAssignments.ts';

interface Change {
  readonly at: number;
  readonly key: string;
  readonly row: Row | undefined;
}

/** What Resource Graph knows: a copy of the truth that is always late by `delays.graphIndexLag`. */
export class ResourceIndex {
  private readonly rows: Record<Table, Map<string, Row>> = {
    resources: new Map(),
    resourcecontainers: new Map(),
    authorizationresources: new Map(),
  };
  private pending: (Change & { readonly table: Table })[] = [];
  private readonly cloud: Cloud;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    cloud.resources.onChange((id, resource) => this.note(id, resource));
    cloud.authorization.onChange((id, assignment) => {
      this.later('authorizationresources', id, assignment && assignmentRow(assignment));
    });
    for (const resource of cloud.resources.list()) this.note(resource.id, resource);
    for (const assignment of cloud.authorization.list()) {
      this.later('authorizationresources', assignment.id, assignmentRow(assignment));
    }
  }

  /** The rows of a table as the index knows them now. */
  table(table: Table): Row[] {
    const now = this.cloud.now();
    const due = this.pending.filter((change) => change.at <= now);
    this.pending = this.pending.filter((change) => change.at > now);
    for (const { table: into, key, row } of due) {
      if (row) this.rows[into].set(key, row);
      else this.rows[into].delete(key);
    }
    return [...this.rows[table].values()];
  }

  private note(id: string, resource: StoredResource | undefined): void {
    const isGroup = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(id);
    const row = resource && resourceRow(resource, this.cloud);
    // Only top-level resources are in the index, as in Azure for almost every type.
    if (resource && !isGroup && resource.type.split('/').length > 2) return;
    this.later(isGroup ? 'resourcecontainers' : 'resources', id, row);
  }

  private later(table: Table, id: string, row: Row | undefined): void {
    const at = this.cloud.now() + this.cloud.delays.graphIndexLag;
    this.pending.push({ at, table, key: id.toLowerCase(), row: row && structuredClone(row) });
  }
}

function resourceRow(resource: StoredResource, cloud: Cloud): Row {
  const [, , subscriptionId, , group] = resource.id.split('/');
  const isGroup = resource.type === GROUP_TYPE;
  return {
    id: resource.id,
    name: resource.name,
    type: isGroup ? 'microsoft.resources/subscriptions/resourcegroups' : resource.type.toLowerCase(),
    tenantId: cloud.tokens.tenantId,
    location: resource.location,
    resourceGroup: group?.toLowerCase() ?? '',
    subscriptionId,
    tags: resource.tags,
    ...resource.rest,
    properties: {
      ...resource.properties,
      provisioningState: provisioningState(resource, cloud.now() + cloud.delays.resourceCreate),
    },
  };
}

function assignmentRow(assignment: RoleAssignment): Row {
  return {
    id: assignment.id,
    name: assignment.name,
    type: 'microsoft.authorization/roleassignments',
    location: 'global',
    resourceGroup: '',
    tags: null,
    properties: assignmentProperties(assignment),
  };
}
