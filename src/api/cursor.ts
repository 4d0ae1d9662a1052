import { createHash } from 'node:crypto';
import { ApiError } from './errors.ts';

const CHECK_LENGTH = 12;

/**
 * An opaque cursor: `position` with a check over it and what it is a position in (the list and its filters), so that a
 * cursor that was changed, or is used with other filters, is noticed. It grants nothing: a position is no secret.
 */
export function encodeCursor(scope: string, position: string): string {
  return Buffer.from(check(scope, position) + position).toString('base64url');
}

/**
 * The position in a cursor that encodeCursor made for the same scope.
 * @throws ApiError 400 INVALID_PARAMETER for anything else
 */
export function decodeCursor(scope: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const position = text.slice(CHECK_LENGTH);
  if (encodeCursor(scope, position) !== cursor) {
    throw new ApiError(
      400,
      'INVALID_PARAMETER',
      'The parameter cursor is not valid: send next_cursor as it came, with the same filters.',
      { details: { parameter: 'cursor' } },
    );
  }
  return position;
}

/** The scope of a list: its name and its filters, whatever their order. */
export function listScope(list: string, filters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return JSON.stringify([list, ...given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function check(scope: string, position: string): string {
  return createHash('sha256').update(`${scope}\n${position}`).digest('base64url').slice(0, CHECK_LENGTH);
}
