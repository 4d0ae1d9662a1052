import { fileURLToPath } from 'node:url';

/** The root of the clone: where package.json, host.json and scenarios/ are. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
