const TAG_LENGTH = 36;

/** A caller as the log names him: enough to tell callers apart, and too little of a key's hash to find the key again. */
export function callerTag(caller: string): string {
  return /^[0-9a-f]{64}$/.test(caller) ? `key-${caller.slice(0, 12)}` : caller.slice(0, TAG_LENGTH);
}
