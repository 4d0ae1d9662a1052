import { randomUUID } from 'node:crypto';
import type { ExecutionStarted, HistoryEvent, Message } from './history.ts';
import { EventType, stamp } from './history.ts';

export const RUNTIME_STATUSES = [
  'Pending',
  'Running',
  'Suspended',
  'Completed',
  'Failed',
  'Terminated',
] as const;
export type RuntimeStatus = (typeof RUNTIME_STATUSES)[number];

/** Something that was scheduled and has no answer yet: enough to do it (again) after a restart. */
export type Work =
  | { readonly kind: 'activity'; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'subOrchestration';
      readonly name: string;
      readonly instanceId: string;
      readonly version: string;
      /** JSON text or null. */
      readonly input: string | null;
    }
  | { readonly kind: 'timer'; readonly fireAt: number };

export interface Parent {
  readonly instanceId: string;
  readonly executionId: string;
  /** The parent's decision that this instance is the work for. */
  readonly taskId: number;
}

/** One orchestration instance: the record that is checkpointed, whole, to one file. Never changed in place. */
export interface Instance {
  readonly instanceId: string;
  /** A new one for each execution: answers to an earlier execution are dropped. */
  readonly executionId: string;
  readonly name: string;
  readonly version: string;
  /** JSON text or null. */
  readonly input: string | null;
  readonly status: RuntimeStatus;
  /** ISO 8601. */
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  readonly customStatus: unknown;
  readonly output: unknown;
  readonly parent: Parent | null;
  readonly history: readonly HistoryEvent[];
  /** Messages that were accepted and not yet seen by an episode. */
  readonly inbox: readonly Message[];
  /** By decision id. */
  readonly pending: Readonly<Record<string, Work>>;
  /** Work that failed, by decision id: what a rewind does again. */
  readonly failed: Readonly<Record<string, Work>>;
}

export interface StartRequest {
  readonly name: string;
  readonly instanceId: string;
  /** JSON text or null. */
  readonly input: string | null;
  readonly version: string;
  readonly parent?: Parent;
}

/** A new instance whose first message is its own start. `at` is milliseconds since 1970. */
export function createInstance(request: StartRequest, at: number): Instance {
  const executionId = randomUUID().replaceAll('-', '');
  const time = new Date(at).toISOString();
  const { name, instanceId, input, version, parent = null } = request;
  return {
    instanceId,
    executionId,
    name,
    version,
    input,
    status: 'Pending',
    createdTime: time,
    lastUpdatedTime: time,
    customStatus: null,
    output: null,
    parent,
    history: [],
    inbox: [startedMessage({ instanceId, executionId, name, version, input, parent }, at)],
    pending: {},
    failed: {},
  };
}

function startedMessage(
  of: Pick<Instance, 'instanceId' | 'executionId' | 'name' | 'version' | 'input' | 'parent'>,
  at: number,
): ExecutionStarted {
  return {
    ...stamp(at),
    EventType: EventType.ExecutionStarted,
    OrchestrationInstance: { InstanceId: of.instanceId, ExecutionId: of.executionId },
    ParentInstance: of.parent ? { OrchestrationInstance: { InstanceId: of.parent.instanceId } } : null,
    Name: of.name,
    Version: of.version,
    Input: of.input,
    Tags: null,
  };
}

export function isFinal(status: RuntimeStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}
