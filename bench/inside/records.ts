import process from 'node:process';
import { createCredentials } from '../../src/azure/credential.ts';
import { createStorage } from '../../src/azure/storage.ts';
import { createRecords, type Records, type Storage } from '../../src/records/records.ts';

/** The app's own books, opened from a process of the stack. */
export function openBooks(): { readonly storage: Storage; readonly records: Records } {
  const storage = createStorage({
    account: process.env.STORAGE_ACCOUNT ?? '',
    credential: createCredentials({}).app,
  });
  return { storage, records: createRecords(storage) };
}

/** What the process was asked to do: its only argument. */
export function input<T>(): T {
  return JSON.parse(process.argv[2] ?? 'null') as T;
}
