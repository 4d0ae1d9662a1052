import type { Completion } from './tree.ts';

/** The script for bash 4 and later. Pure. */
export function bashCompletion(tree: readonly Completion[]): string {
  const known = tree.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  const choices = tree.flatMap(({ path, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map(
        ({ flags, choices }) =>
          `    ${flags.map((flag) => `"${path}:${flag}"`).join('|')}) words="${choices.join(' ')}" ;;`,
      ),
  );
  const words = tree.map(({ path, subcommands, options }) => {
    const all = [...subcommands.map(({ name }) => name), ...options.flatMap(({ flags }) => flags)];
    return `      "${path}") words="${all.join(' ')}" ;;`;
  });
  return `# bash completion for haymaker: source <(haymaker completion bash)
_haymaker() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path:$previous" in
${choices.join('\n')}
    *) case "$path" in
${words.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _haymaker haymaker
`;
}
