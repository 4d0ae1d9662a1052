import type { InvocationResponse, TypedData } from '../rpc.ts';

/**
 * How an activity's argument reaches it. The SDK has already quoted strings; booleans arrive as the .NET texts "True" and
 * "False" (Newtonsoft's conversion of a bare JSON value to a string), which is a trap worth meeting locally.
 */
export function activityInput(input: unknown): TypedData {
  if (input === null || input === undefined) return {};
  if (typeof input === 'string') return { string: input };
  if (typeof input === 'boolean') return { string: input ? 'True' : 'False' };
  return { string: JSON.stringify(input) };
}

/** What an activity returned, as the JSON text of its history event; null for nothing. Bytes become base64. */
export function activityResult(response: InvocationResponse): string | null {
  const value = response.returnValue;
  if (!value) return null;
  if (value.string !== undefined) return JSON.stringify(value.string);
  if (value.json !== undefined) return value.json;
  if (value.bytes !== undefined) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  const number = value.int ?? value.double;
  return number === undefined ? null : JSON.stringify(number);
}
