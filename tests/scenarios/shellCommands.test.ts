import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { azCommands, texts, variable } from '../../src/scenarios/azCommands.ts';
import { shellCommands } from '../../src/scenarios/shellCommands.ts';

/** The commands of a script in one line each: its line, `>` when the output is caught, its words. */
function outline(script: string): string[] {
  return shellCommands(script).map(({ line, captured, words, assignments }) => {
    const parts = [
      ...assignments.map(({ name, value }) => `${name}:${texts(value, new Map()).join()}`),
      ...words.map((word) => texts(word, new Map()).join()),
    ];
    return `${line}${captured ? '>' : ''} ${parts.join(' | ')}`;
  });
}

describe('commands', () => {
  test.each<[string, string, string[]]>([
    ['words and quotes', `echo a "b c" 'd e' f\\ g`, ['1 echo | a | b c | d e | f g']],
    ['an empty word', `ssh-keygen -N ''`, ['1 ssh-keygen | -N | ']],
    ['continued lines', 'az vm \\\n  show', ['1 az | vm | show']],
    ['lists', 'a && b || c; d & e', ['1 a', '1 b', '1 c', '1 d', '1 e']],
    ['a pipe catches what stands before it', 'a | b\nc', ['1> a', '1 b', '2 c']],
    ['or is not a pipe', 'a || b', ['1 a', '1 b']],
    ['a file catches', 'a > f\nb >> f\nc 2> f\nd 2>&1', ['1> a', '2> b', '3 c', '4 d']],
    ['a group into a file', '{\n  a\n  b\n} > f\nc', ['2> a', '3> b', '5 c']],
    ['a group into nothing', '{ a; }\nb', ['1 a', '2 b']],
    ['substitution', 'x=$(az vm show | head)\ny', ['1> az | vm | show', '1> head', '1 x:$(…)', '2 y']],
    ['substitution in quotes', 'a "b $(c "d e") f"', ['1> c | d e', '1 a | b $(…) f']],
    ['arithmetic is no command', 'a "$((1 + 2))"', ['1 a | $(…)']],
    ['conditions', 'if ! a; then b; else c; fi', ['1 a', '1 b', '1 c']],
    ['loops', 'for x in p q; do a "$x"; done', ['1 for | x | in | p | q', `1 a | ${variable('x')}`]],
    ['comments', 'a # b\n# c\nd', ['1 a', '3 d']],
    ['a literal here document', "cat <<'EOF'\n$(b)\nEOF\nc", ['1 cat', '4 c']],
    ['a here document', 'cat <<EOF\n$(b) \\$(d)\nEOF\nc', ['1 cat', '2> b', '4 c']],
    ['assignments before a command', 'A=1 B="$c" d', [`1 A:1 | B:${variable('c')} | d`]],
    ['an array', 'a=(x y)\nb', ['1 a:', '2 b']],
    ['single quotes keep dollars', `a '$web' "\\$b"`, ['1 a | $web | $b']],
  ])('%s', (_, script, expected) => {
    expect(outline(script)).toEqual(expected);
  });

  test('nothing that is thrown at it makes it throw or hang', () => {
    const pieces = fc.constantFrom(
      'a',
      ' ',
      '"',
      "'",
      '$(',
      ')',
      '${',
      '}',
      '{',
      '|',
      '&&',
      '<<E',
      '\n',
      '\\',
      '(',
      '#',
      '>',
      '$((',
      '=',
      'for',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        shellCommands(parts.join(''));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('az commands', () => {
  test('have a path, flags and values', () => {
    const { commands } = azCommands('az network nsg rule create --name=a --tags $TAGS b=c --yes -o none');
    const [command] = commands;
    expect(command?.path).toBe('network nsg rule create');
    expect(
      [...(command?.flags ?? [])].map(([name, words]) => [
        name,
        words.flatMap((word) => texts(word, new Map())),
      ]),
    ).toEqual([
      ['--name', ['a']],
      ['--tags', [variable('TAGS'), 'b=c']],
      ['--yes', []],
      ['-o', ['none']],
    ]);
  });

  test('know what a script sets', () => {
    const { commands, bindings } = azCommands(
      'for side in left right; do\n  az vm show --name "$P-$side"\ndone',
    );
    const [word] = commands[0]?.flags.get('--name') ?? [];
    expect(word && texts(word, bindings)).toEqual([`${variable('P')}-left`, `${variable('P')}-right`]);
  });
});
