import { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { TokenCredential } from '@azure/identity';
import { Blocked, Missing, NotReadyYet, Rejected } from '../domain/errors.ts';
import { withoutLeadingSlash } from './armId.ts';
import { azureCall, collect, orUndefined } from './call.ts';
import { armOptions } from './pacing.ts';
import { replicationLag } from './replicationLag.ts';
import { tokenClaims } from './tokenClaims.ts';

const ARM_SCOPE = 'https://management.azure.com/.default';

export interface RoleAssignment {
  id: string;
  principalId: string;
  scope: string;
}

export interface RoleAssignments {
  /**
   * Makes the assignment, with its condition (version 2.0); one that is already there is fine. NotReadyYet while the
   * principal is not known to ARM.
   */
  ensure(assignment: {
    id: string;
    principalId: string;
    roleDefinitionGuid: string;
    condition?: string;
    /** When the principal was made, in milliseconds since 1970: what a refusal teaches. */
    principalMadeAt?: number;
  }): Promise<void>;
  /** Seconds that are worth waiting between making a principal and assigning it a role, by what ARM has refused lately. */
  replicationSeconds(): number;
  /** Every assignment in the subscription and of groups and resources in it, also of principals deleted meanwhile. */
  list(): Promise<RoleAssignment[]>;
  /** The object id for which this app's own token speaks. */
  ownPrincipalId(): Promise<string>;
  /** Deletes it; absent is fine. */
  remove(id: string): Promise<void>;
  exists(id: string): Promise<boolean>;
}

/** Azure role assignments of one subscription. */
export function createRoleAssignments(credential: TokenCredential, subscriptionId: string): RoleAssignments {
  const { roleAssignments } = new AuthorizationManagementClient(
    credential,
    subscriptionId,
    armOptions(credential),
  );

  const lag = replicationLag();

  return {
    async ensure({ id, principalId, roleDefinitionGuid, condition, principalMadeAt }) {
      const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionGuid}`;
      try {
        await azureCall(`assigning role ${roleDefinitionGuid} to ${principalId} (${id})`, (abortSignal) =>
          roleAssignments.createById(
            withoutLeadingSlash(id),
            // With the principal's type ARM does not look the principal up first, and says PrincipalNotFound when it
            // is too new (learn.microsoft.com/azure/role-based-access-control/troubleshooting).
            {
              principalId,
              roleDefinitionId,
              principalType: 'ServicePrincipal',
              ...(condition === undefined ? {} : { condition, conditionVersion: '2.0' }),
            },
            { abortSignal },
          ),
        );
      } catch (error) {
        if (error instanceof NotReadyYet && principalMadeAt !== undefined) {
          lag.refused(Date.now() - principalMadeAt, Date.now());
        }
        if (!(error instanceof Blocked && error.code === 'RoleAssignmentExists')) throw error;
      }
    },

    replicationSeconds: () => lag.seconds(Date.now()),

    async list() {
      // One paged list for all principals: a filter takes only one principal a call.
      const all = await azureCall('listing role assignments', (abortSignal) =>
        collect(roleAssignments.listForSubscription({ abortSignal })),
      );
      return all.map(({ id = '', principalId = '', scope = '' }) => ({ id, principalId, scope }));
    },

    async ownPrincipalId() {
      const { oid } = await tokenClaims(credential, ARM_SCOPE);
      if (!oid) throw new Rejected('reading our own token: it has no oid. Check the identity of the app.');
      return oid;
    },

    async remove(id) {
      try {
        await azureCall(`deleting role assignment ${id}`, (abortSignal) =>
          roleAssignments.deleteById(withoutLeadingSlash(id), { abortSignal }),
        );
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
    },

    async exists(id) {
      const found = await orUndefined(
        azureCall(`reading role assignment ${id}`, (abortSignal) =>
          roleAssignments.getById(withoutLeadingSlash(id), { abortSignal }),
        ),
      );
      return found !== undefined;
    },
  };
}
