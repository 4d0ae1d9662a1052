import { member } from '../host-error.ts';

/** What an orchestrator yields, as durable-functions writes it down: in yield order, cumulative, without ids. */
export type Action =
  | {
      readonly kind: 'activity';
      readonly name: string;
      readonly input: unknown;
      readonly retry?: RetryOptions;
    }
  | {
      readonly kind: 'subOrchestration';
      readonly name: string;
      readonly input: unknown;
      readonly instanceId?: string;
      readonly version?: string;
      readonly retry?: RetryOptions;
    }
  | { readonly kind: 'timer'; readonly fireAt: number; readonly cancelled: boolean }
  | { readonly kind: 'event'; readonly name: string }
  | { readonly kind: 'any' | 'all'; readonly children: readonly Action[] }
  | { readonly kind: 'continueAsNew'; readonly input: unknown }
  | { readonly kind: 'unsupported'; readonly what: string };

export interface RetryOptions {
  readonly firstIntervalMs: number;
  readonly maxAttempts: number;
  readonly backoff: number;
  readonly maxIntervalMs: number;
  /** No further attempt after so long since the first. */
  readonly timeoutMs: number;
}

/** What an orchestrator function returned or threw in one episode. */
export interface OrchestratorAnswer {
  readonly isDone: boolean;
  readonly actions: readonly Action[];
  readonly output: unknown;
  readonly customStatus: unknown;
  /** Set when the orchestrator threw. */
  readonly error: string | undefined;
}

const FAILURE_LABEL = '\n\n$OutOfProcData$:';

const UNSUPPORTED: Readonly<Record<number, string>> = {
  7: 'callEntity',
  8: 'callHttp',
  9: 'signalEntity',
  10: 'a scheduled signalEntity',
  13: 'an entity lock',
  14: 'an entity lock',
};

/** Parses the state that an orchestrator returned. */
export function parseState(state: unknown): OrchestratorAnswer {
  const outer = member(state, 'actions');
  const list = Array.isArray(outer) && Array.isArray(outer[0]) ? outer[0] : [];
  const error = member(state, 'error');
  return {
    isDone: member(state, 'isDone') === true,
    actions: list.map(parseAction),
    output: member(state, 'output') ?? null,
    customStatus: member(state, 'customStatus') ?? null,
    error: typeof error === 'string' ? error : undefined,
  };
}

/**
 * Parses what an orchestrator threw: the SDK appends its state to the message after a label. A message without the label is
 * an error outside of the orchestrator's own code.
 */
export function parseFailure(message: string): OrchestratorAnswer {
  const at = message.indexOf(FAILURE_LABEL);
  if (at < 0) return { isDone: true, actions: [], output: null, customStatus: null, error: message };
  const answer = parseState(JSON.parse(message.slice(at + FAILURE_LABEL.length)));
  return { ...answer, isDone: true, error: answer.error ?? message.slice(0, at) };
}

function parseAction(action: unknown): Action {
  const name = String(member(action, 'functionName') ?? '');
  const input = member(action, 'input') ?? null;
  const type = member(action, 'actionType');
  switch (type) {
    case 0:
    case 1:
      return { kind: 'activity', name, input, ...retryOf(action) };
    case 2:
    case 3: {
      const instanceId = member(action, 'instanceId');
      const version = member(action, 'version');
      return {
        kind: 'subOrchestration',
        name,
        input,
        ...(typeof instanceId === 'string' && instanceId !== '' ? { instanceId } : {}),
        ...(typeof version === 'string' ? { version } : {}),
        ...retryOf(action),
      };
    }
    case 4:
      return { kind: 'continueAsNew', input };
    case 5:
      return {
        kind: 'timer',
        fireAt: Date.parse(String(member(action, 'fireAt'))),
        cancelled: member(action, 'isCanceled') === true,
      };
    case 6:
      return { kind: 'event', name: String(member(action, 'externalEventName')) };
    case 11:
    case 12: {
      const children = member(action, 'compoundActions');
      return {
        kind: type === 11 ? 'any' : 'all',
        children: Array.isArray(children) ? children.map(parseAction) : [],
      };
    }
    default:
      return { kind: 'unsupported', what: UNSUPPORTED[Number(type)] ?? `action ${String(type)}` };
  }
}

function retryOf(action: unknown): { retry: RetryOptions } | Record<string, never> {
  const options = member(action, 'retryOptions');
  if (options === undefined) return {};
  const number = (key: string, fallback: number): number => {
    const value = member(options, key);
    return typeof value === 'number' ? value : fallback;
  };
  return {
    retry: {
      firstIntervalMs: number('firstRetryIntervalInMilliseconds', 0),
      maxAttempts: number('maxNumberOfAttempts', 1),
      backoff: number('backoffCoefficient', 1),
      maxIntervalMs: number('maxRetryIntervalInMilliseconds', Number.POSITIVE_INFINITY),
      timeoutMs: number('retryTimeoutInMilliseconds', Number.POSITIVE_INFINITY),
    },
  };
}

/** An action in the words of an orchestrator's author, for messages. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'activity':
      return `callActivity("${action.name}")`;
    case 'subOrchestration':
      return `callSubOrchestrator("${action.name}")`;
    case 'timer':
      return `createTimer(${new Date(action.fireAt).toISOString()})`;
    case 'event':
      return `waitForExternalEvent("${action.name}")`;
    case 'any':
    case 'all':
      return `Task.${action.kind}([${action.children.map(describeAction).join(', ')}])`;
    case 'continueAsNew':
      return 'continueAsNew';
    case 'unsupported':
      return action.what;
  }
}
