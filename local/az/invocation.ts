import { readFileSync } from 'node:fs';
import { readAzCommand } from '../../agent/guard/azCommand.ts';
import { CliError } from './session.ts';

/** One call of the CLI: its command and options, with the CLI's conventions applied. */
export class Invocation {
  /** Such as "network vnet create". */
  readonly path: string;
  private readonly options = new Map<string, readonly string[]>();

  /** Reads a command line without the program's name. Throws CliError with exit code 2. */
  constructor(args: readonly string[]) {
    const read = readAzCommand(['az', ...args]);
    if (!read.ok) throw new CliError(`${read.reason}. The shim takes long options only.`, 2);
    this.path = read.command.path;
    for (const { name, values } of read.command.options) {
      this.options.set(name, [...(this.options.get(name) ?? []), ...values.map(expandFile)]);
    }
  }

  get group(): string {
    return this.path.slice(0, this.path.lastIndexOf(' '));
  }

  get verb(): string {
    return this.path.slice(this.path.lastIndexOf(' ') + 1);
  }

  has(name: string): boolean {
    return this.options.has(`--${name}`);
  }

  values(name: string): readonly string[] {
    return this.options.get(`--${name}`) ?? [];
  }

  /** The value of the first of the options that is there. */
  value(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const [value] = this.values(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Like `value`; throws the usage error when none is there. */
  need(...names: readonly string[]): string {
    const value = this.value(...names);
    if (value === undefined) throw new CliError(`the following arguments are required: --${names[0]}`, 2);
    return value;
  }

  /** Whether a flag is set: there without a value, or with one that means yes. */
  flag(name: string): boolean {
    return this.has(name) && !/^(?:false|no|0|off)$/i.test(this.value(name) ?? 'true');
  }

  /** Options other than those named, as entries. */
  entries(): (readonly [string, readonly string[]])[] {
    return [...this.options].map(([name, values]) => [name.slice(2), values] as const);
  }

  /** `--tags a=1 b=2` as an object; undefined when it is not there. */
  pairs(name: string): Record<string, string> | undefined {
    if (!this.has(name)) return undefined;
    return Object.fromEntries(
      this.values(name).map((pair) => {
        const at = pair.indexOf('=');
        return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      }),
    );
  }
}

/** `@file` stands for what is in the file; `@@` for an @. */
function expandFile(value: string): string {
  if (value.startsWith('@@')) return value.slice(1);
  if (!/^@[\w./-]+$/.test(value)) return value;
  try {
    return readFileSync(value.slice(1), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new CliError(`Failed to read ${value.slice(1)}: ${String(error)}`, 2);
  }
}
