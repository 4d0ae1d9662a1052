import { runTool } from './tool.ts';

/** Runs the type checker, then the linter. Throws CommandError when one of them is not content; it has said why. */
export async function checkSources(): Promise<void> {
  await runTool('typescript', 'tsc', ['--noEmit', '-p', '.']);
  await runTool('typescript', 'tsc', ['--noEmit', '-p', 'web']);
  await runTool('@biomejs/biome', 'biome', ['check', '--diagnostic-level=warn', '.']);
}
