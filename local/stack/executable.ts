import { accessSync, constants } from 'node:fs';

/** Whether this file is there and may be run by us. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
