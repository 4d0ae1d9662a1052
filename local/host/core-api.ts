import Module from 'node:module';
import type { Log } from './log.ts';
import { parseLogLevel } from './log.ts';
import type { Binding, Callback, FunctionMetadata, ProgrammingModel } from './rpc.ts';

const HOOKS = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof HOOKS)[number];

/** A function as the app registered it. */
export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: Callback;
  /** Its one binding whose type ends in "trigger", and that binding's (generated) name. */
  readonly trigger: Binding;
  readonly triggerName: string;
}

/** What the app said while it was loading. Registration ends with `lock()`, as in the worker. */
export class Registry {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<string, Callback[]>();
  model: ProgrammingModel | undefined;
  #locked = false;

  lock(): void {
    this.#locked = true;
  }

  /** Throws when the name is taken, when loading is over, or when there is not exactly one trigger. */
  register(metadata: FunctionMetadata, callback: Callback): () => void {
    const { name, bindings } = metadata;
    if (this.#locked) throw new Error('A function can only be registered during app startup.');
    if (this.functions.has(name))
      throw new Error(`A function with id "${name}" has already been registered.`);
    const triggers = Object.entries(bindings).filter(([, binding]) => /trigger$/i.test(binding.type));
    const [found, second] = triggers;
    if (!found || second)
      throw new Error(`The function "${name}" has ${triggers.length} triggers; it needs one.`);
    this.functions.set(name, { name, metadata, callback, triggerName: found[0], trigger: found[1] });
    return () => this.functions.delete(name);
  }

  addHook(name: string, callback: Callback): () => void {
    if (!HOOKS.some((known) => known === name)) {
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
        isAzureFunctionsSystemError: true,
      });
    }
    this.#hooks.set(name, [...this.hooks(name), callback]);
    return () =>
      this.#hooks.set(
        name,
        this.hooks(name).filter((hook) => hook !== callback),
      );
  }

  hooks(name: string): readonly Callback[] {
    return this.#hooks.get(name) ?? [];
  }
}

/** The worker's Disposable: VS Code's, reduced to what the library uses. */
class Disposable {
  #dispose: (() => unknown) | undefined;
  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }
  static from(...inner: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const each of inner) each.dispose();
    });
  }
  dispose(): void {
    this.#dispose?.();
    this.#dispose = undefined;
  }
}

/**
 * Answers `require('@azure/functions-core')` with our own module, the way the Node worker does it. Must happen before the
 * app loads: @azure/functions remembers a failed look-up for the life of the process.
 */
export function provideCoreApi(registry: Registry, log: Log): void {
  const api = {
    version: '4.0.0',
    hostVersion: '4.1037.0',
    Disposable,
    registerFunction: (metadata: FunctionMetadata, callback: Callback) =>
      new Disposable(registry.register(metadata, callback)),
    registerHook: (name: string, callback: Callback) => new Disposable(registry.addHook(name, callback)),
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    log: (level: string, category: string, message: string) => {
      if (category === 'system') log.user(parseLogLevel(level) ?? 'information', 'worker', message);
    },
  };
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (target, self, args) =>
      args[0] === '@azure/functions-core' ? api : Reflect.apply(target, self, args),
  });
}
