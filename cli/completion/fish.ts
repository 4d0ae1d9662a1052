import type { Completion, CompletionOption } from './tree.ts';

/** The script for fish. Pure. */
export function fishCompletion(tree: readonly Completion[]): string {
  const known = tree.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const lines = tree.flatMap(({ path, subcommands, options }) => {
    const at = `complete -c haymaker -n ${quoted(`__haymaker_at ${quoted(path)}`)}`;
    return [
      ...subcommands.map(({ name, about }) => `${at} -f -a ${quoted(name)} -d ${quoted(about)}`),
      ...options.map((option) => `${at} ${flagsOf(option)} -d ${quoted(option.about)}`),
    ];
  });
  return `# fish completion for haymaker: haymaker completion fish > ~/.config/fish/completions/haymaker.fish
function __haymaker_at
    set -l path
    for word in (commandline -opc)[2..-1]
        set -l longer (string join ' ' $path $word)
        if contains -- $longer ${known.join(' ')}
            set path $longer
        end
    end
    test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function flagsOf({ flags, takesValue, choices }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -x' : ' -f';
  return `${names.join(' ')}${values}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
