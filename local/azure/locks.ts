import { z } from 'zod';
import { covers } from './authorization.ts';
import { azureError, type Reply, type Request } from './core.ts';

export interface Lock {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly notes: string | undefined;
}

const LockBody = z.object({
  properties: z.object({ level: z.enum(['CanNotDelete', 'ReadOnly']), notes: z.string().optional() }),
});

/** Management locks: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export class Locks {
  private readonly byId = new Map<string, Lock>();

  put(scope: string, name: string, level: Lock['level'], notes?: string): Lock {
    const id = `${scope}/providers/Microsoft.Authorization/locks/${name}`;
    const lock = { id, name, scope, level, notes };
    this.byId.set(id.toLowerCase(), lock);
    return lock;
  }

  remove(id: string): boolean {
    return this.byId.delete(id.toLowerCase());
  }

  /** Azure's 409 when a lock at the scope, above it or below it forbids its deletion. */
  refuseDelete(scope: string): Reply | undefined {
    return this.refuse(scope, 'delete', (lock) => covers(lock.scope, scope) || covers(scope, lock.scope));
  }

  /** Azure's 409 for taking away what hangs on a scope, such as a role assignment: locks below do not matter. */
  refuseDetach(scope: string): Reply | undefined {
    return this.refuse(scope, 'delete', (lock) => covers(lock.scope, scope));
  }

  /** Azure's 409 when a ReadOnly lock at the scope or above it forbids writing. */
  refuseWrite(scope: string): Reply | undefined {
    return this.refuse(scope, 'write', (lock) => lock.level === 'ReadOnly' && covers(lock.scope, scope));
  }

  private refuse(scope: string, operation: string, blocks: (lock: Lock) => boolean): Reply | undefined {
    const locks = [...this.byId.values()].filter(blocks);
    if (locks.length === 0) return undefined;
    const scopes = locks.map((lock) => `'${lock.scope}'`).join(', ');
    return azureError(
      409,
      'ScopeLocked',
      `The scope '${scope}' cannot perform ${operation} operation because following scope(s) are locked: ${scopes}. Please remove the lock and try again.`,
    );
  }

  /** PUT, GET, DELETE of one lock at `scope`; GET without a name lists those at, above and below it. */
  handle(request: Request, scope: string, name: string | undefined): Reply {
    if (!name) {
      const all = [...this.byId.values()];
      const near = all.filter((lock) => covers(lock.scope, scope) || covers(scope, lock.scope));
      return { status: 200, body: { value: near.map(view) } };
    }
    const id = `${scope}/providers/Microsoft.Authorization/locks/${name}`;
    const existing = this.byId.get(id.toLowerCase());
    switch (request.method) {
      case 'PUT': {
        const body = LockBody.safeParse(request.json);
        if (!body.success) {
          return azureError(
            400,
            'InvalidRequestContent',
            "properties.level must be 'CanNotDelete' or 'ReadOnly'.",
          );
        }
        const { level, notes } = body.data.properties;
        return { status: existing ? 200 : 201, body: view(this.put(scope, name, level, notes)) };
      }
      case 'DELETE':
        return { status: this.remove(id) ? 200 : 204 };
      default:
        return existing
          ? { status: 200, body: view(existing) }
          : azureError(404, 'LockNotFound', `The lock '${name}' could not be found.`);
    }
  }
}

function view(lock: Lock) {
  return {
    id: lock.id,
    name: lock.name,
    type: 'Microsoft.Authorization/locks',
    properties: { level: lock.level, ...(lock.notes ? { notes: lock.notes } : {}) },
  };
}
