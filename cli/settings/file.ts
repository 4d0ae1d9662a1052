import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Document, isMap, parseDocument } from 'yaml';
import { CommandFailure, EXIT } from '../exit.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** ~/.haymaker/config.yaml, where the haymaker CLI 0.1.0 keeps its profiles too. */
export function configPath(home: string): string {
  return path.join(home, '.haymaker', 'config.yaml');
}

/**
 * The file as a YAML document, which keeps comments and keys that we do not know; an empty one when there is no file.
 * Throws CommandFailure (usage) with file and line when it is not YAML.
 */
export function readConfigFile(file: string): Document {
  const text = readIfThere(file);
  if (text === undefined || text.trim() === '') return new Document({});
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault) {
    const line = fault.linePos?.[0].line ?? 1;
    // Only the first line of the message: the others quote the file, and with it a key.
    const [what] = fault.message.split('\n');
    throw new CommandFailure(
      EXIT.usage,
      `${file} line ${line} is not YAML: ${what} Correct it, or move the file away and begin anew with "haymaker config set".`,
    );
  }
  if (document.contents === null) return new Document({});
  if (!isMap(document.contents)) {
    throw new CommandFailure(
      EXIT.usage,
      `${file} must hold keys and values, such as "profiles:". Move it away and begin anew with "haymaker config set".`,
    );
  }
  return document;
}

/** Replaces the file in one step, readable by its owner only. A symbolic link stays one. */
export function writeConfigFile(file: string, document: Document): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  chmodSync(path.dirname(file), OWNER_ONLY_FOLDER);
  const target = resolveLink(file);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, document.toString(), { mode: OWNER_ONLY_FILE, flag: 'wx', flush: true });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function resolveLink(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (isMissing(error)) return file;
    throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new CommandFailure(EXIT.usage, `${file} cannot be read. Check who owns it and its mode (0600).`, {
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
