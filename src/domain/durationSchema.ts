import { z } from 'zod';
import { durationSeconds } from './duration.ts';

/** Parses an ISO 8601 duration such as PT8H into seconds. */
export const DurationSeconds = z.string().transform((text, context) => {
  const seconds = durationSeconds(text);
  if (seconds === undefined) {
    context.addIssue({
      code: 'custom',
      message: `expected an ISO 8601 duration such as PT8H or PT15M, got "${text}"`,
    });
    return z.NEVER;
  }
  return seconds;
});
