import { transformSync } from 'esbuild';
import { CommandError } from './command.ts';

/** Members of `app` that do not register a function. */
const NOT_REGISTRATIONS = new Set(['setup', 'hook', 'client']);
const REGISTRATION = /\bapp(?:\.client)?\.(\w+)\(\s*("(?:[^"\\]|\\.)*")?/g;

/**
 * The names that the text of the entry point registers, sorted: the string literals that come first in app.http(...),
 * df.app.activity(...), df.app.client.timer(...) and so on. It reads, it does not run: an entry point that throws at import still lists its names,
 * which is how "0 functions found" is told from an empty roster. Throws CommandError for a name that is not a literal.
 */
export function rosterOf(source: string): string[] {
  // esbuild prints the text back without types and comments, and with one kind of quotes.
  const plain = transformSync(source, { loader: 'ts', legalComments: 'none' }).code;
  const names = [...plain.matchAll(REGISTRATION)].flatMap(([call, member = '', literal]) => {
    if (NOT_REGISTRATIONS.has(member)) return [];
    if (literal === undefined) {
      throw new CommandError(
        `src/index.ts: ${call.trim()}...) does not name its function by a string literal. Write the name there, in quotes: the roster is read from the text.`,
      );
    }
    return [JSON.parse(literal) as string];
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new CommandError(`src/index.ts registers "${twice}" twice. Give one of the two another name.`);
  if (names.length === 0) {
    throw new CommandError('src/index.ts registers no function: expected calls such as app.http(...).');
  }
  return names.sort();
}
