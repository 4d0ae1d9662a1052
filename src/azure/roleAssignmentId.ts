import { v5 as uuidV5 } from 'uuid';

/** Names of role assignments are UUID v5 in this namespace of ours. */
const NAMESPACE = '6f1d3d7e-52a4-4c0b-9a0e-6f9a2f0c7b15';

/**
 * The ARM id of the assignment of a role at `scope`. `seed` stands for the holder (run and agent), so that a second try
 * makes the same assignment and not a second one.
 */
export function roleAssignmentId(input: { scope: string; seed: string; roleDefinitionGuid: string }): string {
  const { scope, seed, roleDefinitionGuid } = input;
  const name = uuidV5([scope.toLowerCase(), seed, roleDefinitionGuid.toLowerCase()].join('|'), NAMESPACE);
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}
