export interface PermissionUse {
  readonly principalId: string;
  /** Such as Microsoft.App/jobs/write. */
  readonly action: string;
  readonly kind: 'action' | 'dataAction';
  readonly granted: boolean;
}

/** What was asked of authorization, once each, with the groups that it was asked for ("" for what lies in none). */
export class PermissionUses {
  private readonly byKey = new Map<string, PermissionUse & { readonly groups: Set<string> }>();

  note(use: PermissionUse, scope: string): void {
    const key = `${use.principalId} ${use.action} ${use.granted}`;
    const known = this.byKey.get(key);
    const group = /\/resourceGroups\/([^/]+)/i.exec(scope)?.[1]?.toLowerCase() ?? '';
    if (known) known.groups.add(group);
    else this.byKey.set(key, { ...use, groups: new Set([group]) });
  }

  list(principalId?: string): (PermissionUse & { readonly groups: readonly string[] })[] {
    return [...this.byKey.values()]
      .filter((use) => principalId === undefined || use.principalId === principalId)
      .map((use) => ({ ...use, groups: [...use.groups].sort() }));
  }
}
