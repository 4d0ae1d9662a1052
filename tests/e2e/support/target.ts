import process from 'node:process';
import { bundleApp } from '../../../local/stack/bundle.ts';
import { demoSettings } from '../../../local/stack/demo.ts';
import { REPOSITORY } from '../../../local/stack/paths.ts';
import { type Stack, startStack } from '../../../local/stack/stack.ts';

const DURATION = 'PT20S';

export interface TargetOptions {
  /** App settings on top of the demo's: RUN_DURATION, CHECK_INTERVAL and so on. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly seed?: string;
}

/** What an end-to-end test drives: over HTTP only, except for what only a stack of its own can do. */
export interface Target {
  readonly url: string;
  /** The stand-in's control endpoint; undefined with a host that somebody else runs. */
  readonly controlUrl: string | undefined;
  /** The test's own stack; undefined with a host that somebody else runs. */
  readonly stack: Stack | undefined;
  close(): Promise<void>;
}

/**
 * Starts a stack of its own (free ports, a temporary folder) on a fresh build, or points at a host that runs already:
 * HAYMAKER_URL, and HAYMAKER_CONTROL_URL when a stand-in is behind it.
 */
export async function openTarget(options: TargetOptions = {}): Promise<Target> {
  const url = process.env.HAYMAKER_URL;
  if (url) {
    return {
      url: url.replace(/\/$/, ''),
      controlUrl: process.env.HAYMAKER_CONTROL_URL,
      stack: undefined,
      close: async () => {},
    };
  }
  const stack = await openStack(options);
  return { url: stack.url, controlUrl: stack.standIn.controlUrl, stack, close: stack.stop };
}

/** A stack of its own, for tests that kill the host or spoil a service. Whoever opens it stops it. */
export async function openStack(options: TargetOptions = {}): Promise<Stack> {
  await bundleApp(REPOSITORY);
  return startStack({
    settings: { ...demoSettings(DURATION), ...options.settings },
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
}
