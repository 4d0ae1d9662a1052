import { checkSources } from './stack/checks.ts';
import { runCommand } from './stack/command.ts';

/** `npm run check`: types and style of everything, without running anything. */
await runCommand(async () => {
  await checkSources();
  return 0;
});
