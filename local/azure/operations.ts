import { randomUUID } from 'node:crypto';
import { azureError, type Reply, type Request } from './core.ts';

interface Operation {
  readonly doneAt: number;
  readonly error: { code: string; message: string } | undefined;
  readonly result: (() => unknown) | undefined;
}

export interface OperationOptions {
  /** How long the operation stays in progress. */
  readonly durationMs: number;
  /** The operation ends as Failed with this error. */
  readonly error?: { code: string; message: string };
  /** Body of the final answer at the Location URL; called when asked. Empty without it. */
  readonly result?: () => unknown;
}

/** The two URLs where a client may follow a long-running operation; send one of them as a header. */
export interface OperationUrls {
  /** For `Location`: 202 until done, then 200. */
  readonly location: string;
  /** For `Azure-AsyncOperation`: 200 with a status until and after it is done. */
  readonly asyncOperation: string;
}

/**
 * Azure Resource Manager's long-running operations:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 */
export class Operations {
  private readonly all = new Map<string, Operation>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Starts an operation that ends by itself; the effect is the caller's business. */
  begin(subscriptionId: string, apiVersion: string, options: OperationOptions): OperationUrls {
    const id = randomUUID();
    this.all.set(id, {
      doneAt: this.now() + options.durationMs,
      error: options.error,
      result: options.result,
    });
    const url = (kind: string) =>
      `https://management.azure.com/subscriptions/${subscriptionId}/providers/Microsoft.Resources/${kind}/${id}?api-version=${apiVersion}`;
    return { location: url('operationResults'), asyncOperation: url('operationStatuses') };
  }

  /** Answers a poll; undefined when the path is not that of an operation. */
  handle(request: Request): Reply | undefined {
    const match = /\/providers\/Microsoft\.Resources\/(operationResults|operationStatuses)\/([^/]+)$/i.exec(
      request.path,
    );
    const [, kind, id] = match ?? [];
    if (!kind || !id) return undefined;
    const operation = this.all.get(id);
    if (!operation) return azureError(404, 'OperationNotFound', `The operation '${id}' was not found.`);
    const done = this.now() >= operation.doneAt;
    if (kind.toLowerCase() === 'operationstatuses') return statusOf(id, operation, done);
    if (!done) return { status: 202, headers: { location: `https://${request.host}${request.rawUrl}` } };
    if (operation.error) return azureError(409, operation.error.code, operation.error.message);
    return { status: 200, body: operation.result?.() };
  }
}

function statusOf(id: string, operation: Operation, done: boolean): Reply {
  if (!done) return { status: 200, body: { name: id, status: 'InProgress' } };
  if (operation.error) return { status: 200, body: { name: id, status: 'Failed', error: operation.error } };
  return { status: 200, body: { name: id, status: 'Succeeded' } };
}
