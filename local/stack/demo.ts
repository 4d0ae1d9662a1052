/** Where Core Tools listen, too. */
export const DEFAULT_PORT = 7071;

/** Once a year: one run is meant, and no other may begin beside it at the hour of the real schedule. */
export const HARDLY_EVER = '0 0 0 1 1 *';

/** The demo's settings: a window of about a minute in place of eight hours. Nothing else differs from production. */
export function demoSettings(duration: string): Record<string, string> {
  return {
    RUN_DURATION: duration,
    CHECK_INTERVAL: 'PT5S',
    CLEANUP_GRACE: 'PT10S',
    CLEAN_PASS_INTERVAL: 'PT3S',
  };
}

export const DEMO_DURATION = 'PT1M';
/** Real agents perform some twenty steps each. */
export const REAL_DEMO_DURATION = 'PT3M';
/** A seed whose agents end in several ways. */
export const DEMO_SEED = 'haymaker';

/** Such as demo-20261121T013005Z: unique enough for a stack that lives for one command. */
export function demoRunId(now: Date): string {
  return `demo-${now.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}
