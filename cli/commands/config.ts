import type { Command } from 'commander';
import { readSecret } from '../confirm.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { renderFields } from '../output/table.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';
import { configPath, readConfigFile, writeConfigFile } from '../settings/file.ts';
import { CONFIG_KEYS, type ConfigKey, configKey } from '../settings/keys.ts';
import { profileName, profileNames, text } from '../settings/profile.ts';

/** Shown instead of a secret. */
const SET = '(set)';

export function addConfig(program: Command, register: Register): void {
  const config = program
    .command('config')
    .description('where the app is and how to sign in; kept in ~/.haymaker/config.yaml');
  const names = CONFIG_KEYS.map(({ name, about }) => `  ${name.padEnd(30)}${about}`).join('\n');
  register<object>(
    config
      .command('set')
      .description('keep a setting; a secret without a value is asked for, or read from stdin')
      .argument('<key>')
      .argument('[value]')
      .addHelpText('after', `\nSettings:\n${names}`),
    set,
  );
  register<object>(
    config.command('get').description('one setting; of a secret only whether it is set').argument('<key>'),
    get,
  );
  register<object>(config.command('list').description('every setting of the profile'), list);
}

async function set(session: Session, _options: object, name = '', given?: string): Promise<void> {
  const key = configKey(name);
  const value = key.check(given === undefined || given === '-' ? await askedFor(key, session) : given);
  if (value === '') throw new CommandFailure(EXIT.usage, `${key.name} needs a value.`);
  const path = configPath(session.world.home);
  const file = readConfigFile(path);
  const profile = profileName(session.globals.profile, session.world.env, file);
  file.setIn(fullPath(key, profile), value);
  for (const [at, implied] of impliedBy(key.name, profile)) file.setIn(at, implied);
  writeConfigFile(path, file);
  session.out.say(`Kept ${key.name}${key.shared ? '' : ` of profile ${profile}`} in ${path}.`);
}

async function askedFor(key: ConfigKey, session: Session): Promise<string> {
  if (key.secret) return readSecret(session.world, key.name);
  throw new CommandFailure(EXIT.usage, `${key.name} needs a value: haymaker config set ${key.name} <value>`);
}

/** A key is for signing in with a key, an audience for signing in with Entra. */
function impliedBy(name: string, profile: string): [path: string[], value: string][] {
  const type = ['profiles', profile, 'auth', 'type'];
  if (name === 'api-key') return [[type, 'api_key']];
  return name === 'audience' ? [[type, 'azure_ad']] : [];
}

function get(session: Session, _options: object, name = ''): void {
  const key = configKey(name);
  const file = readConfigFile(configPath(session.world.home));
  const profile = profileName(session.globals.profile, session.world.env, file);
  const value = text(file, fullPath(key, profile));
  if (value === undefined) {
    throw new CommandFailure(
      EXIT.notFound,
      `${key.name} is not set. Set it: haymaker config set ${key.name} …`,
    );
  }
  const shown = key.secret ? SET : value;
  session.out.result({ [key.name]: shown }, () => shown);
}

function list(session: Session): void {
  const path = configPath(session.world.home);
  const file = readConfigFile(path);
  const profile = profileName(session.globals.profile, session.world.env, file);
  const settings: Record<string, string> = {};
  for (const key of CONFIG_KEYS) {
    const value = text(file, fullPath(key, profile));
    if (value !== undefined) settings[key.name] = key.secret ? SET : value;
  }
  const profiles = profileNames(file);
  session.out.result({ file: path, profile, profiles, settings }, (screen) =>
    renderFields(
      [
        ['file', path],
        ['profile', profiles.includes(profile) ? profile : `${profile} (not there yet)`],
        ['profiles', profiles.length > 1 ? profiles.join(', ') : undefined],
        ...Object.entries(settings),
      ],
      screen,
    ),
  );
}

function fullPath({ shared, path }: ConfigKey, profile: string): string[] {
  return shared ? [...path] : ['profiles', profile, ...path];
}
