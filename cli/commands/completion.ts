import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type Completion, completionTree } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Register } from '../register.ts';

const SCRIPTS: Readonly<Record<string, (tree: readonly Completion[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function addCompletion(program: Command, register: Register): void {
  register<object>(
    program
      .command('completion')
      .description('the script that teaches your shell this command')
      .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS))),
    (session, _options, shell = '') => {
      session.out.stdout.write(SCRIPTS[shell]?.(completionTree(program)) ?? '');
    },
  );
}
