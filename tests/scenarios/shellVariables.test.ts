// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are bash
import { describe, expect, test } from 'vitest';
import { shellVariables } from '../../src/scenarios/shellVariables.ts';

const used = (script: string) => shellVariables(script).used.map(({ name }) => name);
const set = (script: string) => [...shellVariables(script).set].sort();

describe('variables used', () => {
  test.each([
    ['plain and in double quotes', 'echo $A "$B-x" "${C}"', ['A', 'B', 'C']],
    ['not in single quotes', "echo '$A' $'it\\'s $B' \"it's $C\"", ['C']],
    ['not in a comment', 'echo $A # $B\n# $C', ['A']],
    ['a hash within a word is no comment', 'echo a#$A ${B#x} $#', ['A', 'B']],
    ['not when escaped', 'echo \\$A "\\$B" $C', ['C']],
    ['not with a default', 'echo ${A:-x} ${B-} ${C:+y} ${D:?must} ${E:-$F}', ['D', 'F']],
    ['within a substitution within quotes', 'x="$(az show "$A" --query \'[$B]\') $C"', ['A', 'C']],
    ['in arithmetic with a dollar', 'echo $(( $A % 4 )) $B', ['A', 'B']],
    ['not parameters of the shell', 'echo $1 $? $@ $$ $! $*', []],
    ['array items and lengths', 'echo ${A[0]} ${#B} ${!C}', ['A', 'B', 'C']],
    ['in a here document', 'cat <<EOF\n"$A" it\'s $(cat $B) \\$C\nEOF\necho $D', ['A', 'B', 'D']],
    ['not in a quoted here document', "cat > f <<'EOF'\n$A ${B}\nEOF\necho $C", ['C']],
    ['not beyond a here document with tabs', 'cat <<-X\n\t$A\n\tX\necho $B', ['A', 'B']],
    ['a here string is no here document', 'read -r a <<< "$A"\necho $B', ['A', 'B']],
  ])('%s', (_, script, names) => {
    expect(used(script)).toEqual(names);
  });

  test('the line is that of the use', () => {
    expect(shellVariables('a=1\ncat <<EOF\nx\n$A\nEOF\n\necho $B').used).toEqual([
      { name: 'A', line: 4 },
      { name: 'B', line: 7 },
    ]);
  });
});

describe('variables set', () => {
  test.each([
    ['assignments', 'a=1\nexport B="x"; c+=2 && d=$(x)', ['B', 'a', 'c', 'd']],
    ['several at once, and before a command', 'a=1 b=2\nC=3 az login', ['C', 'a', 'b']],
    ['loops', 'for x in 1 2; do y=$x; done\nwhile read -r k v; do :; done', ['k', 'v', 'x', 'y']],
    [
      'lists and printf',
      'mapfile -t lines < f\nprintf -v text "%s" x\nitems=(a b)',
      ['items', 'lines', 'text'],
    ],
    ['conditions', 'if true; then a=1; else b=2; fi', ['a', 'b']],
    ['no options and no arguments', 'az x --set a=1 \\\n  b=2 --c=3', []],
    ['nothing within strings and comments', 'echo "a=1; b=2" \'c=3\' # d=4', []],
  ])('%s', (_, script, names) => {
    expect(set(script)).toEqual(names);
  });
});
