import { NAME_PREFIX } from '../domain/naming.ts';
import type { Services } from '../services.ts';
import type { Find } from './finds.ts';

const PROBE = new RegExp(`^${NAME_PREFIX}probe-[0-9a-f]{8}$`);

/** A secret with which validation tried the vault. It belongs to no run; one that a killed host has left is ours to remove. */
export function isProbe({ source, name }: Find): boolean {
  return (source === 'key-vault' || source === 'key-vault-deleted') && PROBE.test(name);
}

/** Deletes a probe, or purges one that is deleted; the two are two rounds, because the vault takes its time in between. */
export async function removeProbe({ source, name }: Find, services: Services): Promise<void> {
  const vault = await services.keyVault();
  if (source === 'key-vault') await vault.startDelete(name);
  else await vault.purge(name);
}
