import { version } from '../package.json';

/** The version of package.json, put into the bundle when it is built. */
export const VERSION: string = version;
