import { HARDLY_EVER } from '../../../local/stack/demo.ts';
import type { Stack } from '../../../local/stack/stack.ts';
import { startStack } from '../../../local/stack/stack.ts';

/** What an end-to-end test drives: a host's URL and, when the stand-in is behind it, its control endpoint. */
export interface Target {
  readonly url: string;
  readonly controlUrl: string | undefined;
  /** Present when the test started the stack itself, and may kill it. */
  readonly stack: Stack | undefined;
  stop(): Promise<void>;
}

/** A run that takes seconds: everything is a setting. */
export const QUICK = {
  RUN_DURATION: 'PT20S',
  CHECK_INTERVAL: 'PT3S',
  CLEANUP_GRACE: 'PT6S',
  CLEAN_PASS_INTERVAL: 'PT2S',
  HAYMAKER_SCHEDULE: HARDLY_EVER,
  JANITOR_SCHEDULE: HARDLY_EVER,
};

/** True when the real Functions host and the real durable engine are under test. */
export const ON_CORE_TOOLS = process.env.HAYMAKER_E2E_HOST === 'func';

/**
 * A stack of its own, or the running host that HAYMAKER_URL points at (and HAYMAKER_CONTROL_URL, where the stand-in is
 * behind it): local/host, `func`, or the app in Azure. With HAYMAKER_E2E_HOST=func the stack's host is Azure Functions
 * Core Tools.
 */
export async function target(settings: Record<string, string> = {}): Promise<Target> {
  const url = process.env.HAYMAKER_URL;
  if (url) {
    return {
      url,
      controlUrl: process.env.HAYMAKER_CONTROL_URL,
      stack: undefined,
      stop: async () => undefined,
    };
  }
  const stack = await startStack({
    settings: { ...QUICK, ...settings },
    seed: 'end-to-end',
    hostKind: ON_CORE_TOOLS ? 'func' : 'local',
  });
  return { url: stack.url, controlUrl: stack.standIn.controlUrl, stack, stop: () => stack.stop() };
}
