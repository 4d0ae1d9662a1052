import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError, member, reasonOf } from '../host-error.ts';
import type { Instance } from './instance.ts';

/**
 * Checkpoints: one JSON file per instance, replaced whole by rename, so that a kill at any moment leaves the old record or
 * the new one. Synchronous on purpose: what was saved before a side effect is on disk before it.
 */
export class Store {
  readonly #dir: string;

  constructor(stateDir: string) {
    this.#dir = join(stateDir, 'instances');
    mkdirSync(this.#dir, { recursive: true });
  }

  save(instance: Instance): void {
    const file = this.#file(instance.instanceId);
    writeFileSync(`${file}.tmp`, JSON.stringify(instance));
    renameSync(`${file}.tmp`, file);
  }

  delete(instanceId: string): void {
    rmSync(this.#file(instanceId), { force: true });
  }

  /** All instances. Throws a HostError that names a file which cannot be read. */
  load(): Instance[] {
    return readdirSync(this.#dir)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const file = join(this.#dir, name);
        try {
          return parse(readFileSync(file, 'utf8'));
        } catch (error) {
          throw new HostError(
            `${file} is not a checkpoint of this host (${reasonOf(error)}). Delete it, or the state folder.`,
            {
              cause: error,
            },
          );
        }
      });
  }

  /** Instance ids may hold anything; long ones are cut and told apart by a hash. */
  #file(instanceId: string): string {
    const encoded = encodeURIComponent(instanceId).replaceAll('*', '%2A');
    const hash = createHash('sha256').update(instanceId).digest('hex').slice(0, 16);
    return join(this.#dir, `${encoded.length <= 180 ? encoded : `${encoded.slice(0, 160)}~${hash}`}.json`);
  }
}

/** Our own file, written whole: that it is a record at all is checked, its parts are not. */
function parse(text: string): Instance {
  const record: unknown = JSON.parse(text);
  const whole = ['instanceId', 'executionId', 'status', 'history', 'inbox', 'pending'];
  if (!whole.every((key) => member(record, key) !== undefined)) throw new Error('members are missing');
  return record as Instance;
}
