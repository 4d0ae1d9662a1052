import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeRecordings } from './histories/fixtures.ts';
import { ORCHESTRATORS } from './histories/orchestrators.ts';
import { performStories, STORY_SETTINGS } from './histories/perform.ts';
import { differentOnes, kindOf, scrubbed } from './histories/pick.ts';
import { relive } from './histories/turns.ts';
import { Store } from './host/durable/store.ts';
import { bundleApp } from './stack/bundle.ts';
import { CommandError, runCommand } from './stack/command.ts';
import { parseFlags } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';
import { withStack } from './stack/withStack.ts';

/**
 * `npm run record:histories`: performs real runs on the local stack (clean, failing, stopped, broken off and closed by the
 * janitor) and keeps their histories as those of the version in package.json. The replay test holds later orchestrators
 * against them. Once before every release.
 */
await runCommand(async () => {
  parseFlags('npm run record:histories', {});
  await bundleApp(REPOSITORY);
  const { version: release } = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));
  const instances = await withStack({ settings: STORY_SETTINGS, seed: 'histories' }, async (stack) => {
    await performStories(stack, (line) => console.log(line));
    return new Store(stack.state).load();
  });
  const numbers = new Map<string, number>();
  const recorded = await Promise.all(
    differentOnes(instances).map(async (instance) => {
      const { name, instanceId, input } = instance;
      const handler = ORCHESTRATORS[name];
      if (!handler)
        throw new CommandError(`${name} is not in local/histories/orchestrators.ts: add it there.`);
      const history = scrubbed(instance.history);
      const kind = kindOf(instance);
      const number = (numbers.get(kind) ?? 0) + 1;
      numbers.set(kind, number);
      const turns = await relive({ name, instanceId, input, history }, handler);
      return { release, story: `${kind}-${number}`, name, instanceId, input, history, turns };
    }),
  );
  const bytes = writeRecordings(release, recorded);
  console.log(
    `Recorded ${recorded.length} of ${instances.length} orchestrations of release ${release} (${Math.round(bytes / 1_024)} KB).`,
  );
  return 0;
});
