import type { Cloud } from './cloud.ts';
import type { Principal, Reply } from './core.ts';
import { graphError } from './graphQuery.ts';

const READ = ['Application.Read.All', 'Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'];
const CREATE = ['Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'];

/** Whether the caller may read applications and service principals. */
export function mayRead(cloud: Cloud, principal: Principal): boolean {
  return rolesOf(cloud, principal).some((r) => READ.includes(r));
}

export function mayCreate(cloud: Cloud, principal: Principal): boolean {
  return rolesOf(cloud, principal).some((r) => CREATE.includes(r));
}

/** OwnedBy reaches only as far as what the caller itself made. */
export function mayChange(
  cloud: Cloud,
  principal: Principal,
  object: { readonly createdBy: string },
): boolean {
  const roles = rolesOf(cloud, principal);
  if (roles.includes('Application.ReadWrite.All')) return true;
  return roles.includes('Application.ReadWrite.OwnedBy') && object.createdBy === principal.oid;
}

export function denied(): Reply {
  return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function rolesOf(cloud: Cloud, principal: Principal): readonly string[] {
  return cloud.directory.appRoles.get(principal.oid) ?? [];
}
