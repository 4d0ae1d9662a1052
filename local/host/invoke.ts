import { randomBytes, randomUUID } from 'node:crypto';
import type { RegisteredFunction, Registry } from './core-api.ts';
import type { Log } from './log.ts';
import { parseLogLevel } from './log.ts';
import type { CoreContext, InvocationResponse, TypedData } from './rpc.ts';

export interface Invocation {
  /** The trigger's data. */
  readonly data: TypedData;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  readonly invocationId?: string;
}

/** Runs one function once. Rejects with what the function threw. */
export type Invoke = (fn: RegisteredFunction, invocation: Invocation) => Promise<InvocationResponse>;

/**
 * The worker's invocation pipeline in process: arguments, preInvocation hooks, the handler, postInvocation hooks, response.
 * `clientBinding` is the text that a durableClient input receives.
 */
export function createInvoker(registry: Registry, log: Log, clientBinding: () => string): Invoke {
  return async (fn, { data, triggerMetadata = {}, invocationId = randomUUID() }) => {
    const model = registry.model;
    if (!model) throw new Error('The app has set no programming model.');
    const context: CoreContext = {
      invocationId,
      metadata: fn.metadata,
      state: undefined,
      request: {
        invocationId,
        functionId: fn.name,
        inputData: [
          { name: fn.triggerName, data },
          ...extraInputs(fn, 'durableClient').map((name) => ({ name, data: { string: clientBinding() } })),
        ],
        triggerMetadata,
        traceContext: {
          traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
          traceState: '',
          attributes: {},
        },
      },
      log: (level, _category, message) => log.user(parseLogLevel(level) ?? 'information', fn.name, message),
    };
    const invocation = model.getInvocationModel(context);
    const { context: invocationContext, inputs } = await invocation.getArguments();
    const hook = {
      hookData: {},
      invocationContext,
      functionCallback: fn.callback,
      inputs,
      result: undefined as unknown,
      error: undefined as unknown,
    };
    context.state = 'preInvocationHooks';
    for (const before of registry.hooks('preInvocation')) await before(hook);
    context.state = 'invocation';
    try {
      hook.result = await invocation.invokeFunction(invocationContext, hook.inputs, hook.functionCallback);
    } catch (error) {
      hook.error = error ?? new Error('The function threw nothing.');
    }
    context.state = 'postInvocationHooks';
    for (const after of registry.hooks('postInvocation')) await after(hook);
    if (hook.error) throw hook.error;
    return invocation.getResponse(invocationContext, hook.result);
  };
}

function extraInputs(fn: RegisteredFunction, type: string): string[] {
  return Object.entries(fn.metadata.bindings)
    .filter(([, binding]) => binding.type.toLowerCase() === type.toLowerCase() && binding.direction === 'in')
    .map(([name]) => name);
}
