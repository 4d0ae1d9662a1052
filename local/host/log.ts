export const LOG_LEVELS = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the host writes: what functions say goes to stdout, what the host itself has to say goes to stderr. */
export interface Log {
  /** A line of a function's `context.log`; dropped below the level that was asked for. */
  user(level: LogLevel, functionName: string, message: string): void;
  /** The host's own troubles; always shown. */
  host(level: 'warning' | 'error', message: string): void;
}

/** A log that shows what functions say from `threshold` upwards. */
export function createLog(threshold: LogLevel): Log {
  const floor = LOG_LEVELS.indexOf(threshold);
  return {
    user(level, functionName, message) {
      if (LOG_LEVELS.indexOf(level) < floor) return;
      process.stdout.write(`${new Date().toISOString()} ${level} ${functionName}: ${message}\n`);
    },
    host(level, message) {
      process.stderr.write(`${new Date().toISOString()} ${level} host: ${message}\n`);
    },
  };
}

/** The level a text names; undefined when there is no such level. */
export function parseLogLevel(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text.toLowerCase());
}
