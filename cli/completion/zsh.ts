import type { Completion } from './tree.ts';

/** The script for zsh. Pure. */
export function zshCompletion(tree: readonly Completion[]): string {
  const known = tree.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  const choices = tree.flatMap(({ path, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map(
        ({ flags, choices }) =>
          `    ${flags.map((flag) => `"${path}:${flag}"`).join('|')}) compadd -- ${choices.join(' ')}; return ;;`,
      ),
  );
  const cases = tree.map(({ path, subcommands, options }) => {
    const names = subcommands.map(({ name, about }) => quoted(`${name}:${about}`));
    const flags = options.flatMap((option) => option.flags.map((flag) => quoted(`${flag}:${option.about}`)));
    return `    "${path}") names=(${names.join(' ')}); flags=(${flags.join(' ')}) ;;`;
  });
  return `#compdef haymaker
# zsh completion for haymaker: haymaker completion zsh > "\${fpath[1]}/_haymaker"
_haymaker() {
  local path_so_far="" word
  local -a names flags
  for word in "\${words[@]:1:$((CURRENT-2))}"; do
    case "\${path_so_far:+$path_so_far }$word" in
      ${known.join('|')}) path_so_far="\${path_so_far:+$path_so_far }$word" ;;
    esac
  done
  case "$path_so_far:\${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  case "$path_so_far" in
${cases.join('\n')}
  esac
  (( \${#names} )) && _describe command names
  if (( \${#names} == 0 )) || [[ "\${words[CURRENT]}" == -* ]]; then _describe option flags; fi
}
if [[ "\${funcstack[1]}" == _haymaker ]]; then _haymaker "$@"; else compdef _haymaker haymaker; fi
`;
}

/** In single quotes; a colon would end the name that _describe shows, an apostrophe the quotes. */
function quoted(text: string): string {
  const [name = '', ...about] = text.split(':');
  return `'${[name, about.join('\\:')].join(':').replaceAll("'", "'\\''")}'`;
}
