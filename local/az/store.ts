import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the data planes hold that the stand-in does not play: blobs, secrets of vaults and the like, by kind and name. */
export interface DataStore {
  get(kind: string, name: string): Item | undefined;
  put(kind: string, name: string, item: Item): void;
  remove(kind: string, name: string): Item | undefined;
  /** Names and items whose name begins with `prefix`, oldest first. */
  list(kind: string, prefix: string): (readonly [string, Item])[];
}

export type Item = Readonly<Record<string, unknown>>;
type Content = Record<string, Record<string, Item>>;

/** A store in one file; AZ_SHIM_DATA names it, so that it outlives a restart of the agent. */
export function openStore(file: string): DataStore {
  const read = (): Content => {
    try {
      return Object(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
  };
  const write = (content: Content) => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  };
  return {
    get: (kind, name) => read()[kind]?.[name],
    put(kind, name, item) {
      const content = read();
      write({ ...content, [kind]: { ...content[kind], [name]: item } });
    },
    remove(kind, name) {
      const content = read();
      const { [name]: gone, ...rest } = content[kind] ?? {};
      write({ ...content, [kind]: rest });
      return gone;
    },
    list: (kind, prefix) => Object.entries(read()[kind] ?? {}).filter(([name]) => name.startsWith(prefix)),
  };
}
