import path from 'node:path';
import { DEFAULT_PORT } from './demo.ts';
import { REPOSITORY } from './paths.ts';

/** Where a stack keeps logs, state and certificates: .haymaker, or a folder in it when it is not the only stack. */
export function workFolder(port: number): string {
  const folder = path.join(REPOSITORY, '.haymaker');
  return port === DEFAULT_PORT ? folder : path.join(folder, `port-${port}`);
}
