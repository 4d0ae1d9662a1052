import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { apiPage } from './docs/apiPage.ts';
import { runCommand } from './stack/command.ts';
import { REPOSITORY } from './stack/paths.ts';

/** `npm run docs:api`: writes docs/api.md anew from the API's schemas. */
await runCommand(async () => {
  const file = path.join(REPOSITORY, 'docs', 'api.md');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, apiPage());
  console.log(`Wrote ${path.relative(REPOSITORY, file)}.`);
  return 0;
});
