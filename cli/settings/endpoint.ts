import { CommandFailure, EXIT } from '../exit.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** True when the endpoint is this machine: the only place where http:// and no key are acceptable. */
export function isLoopback(endpoint: string): boolean {
  return LOOPBACK.test(new URL(endpoint).hostname);
}

/**
 * An endpoint without a slash at its end. `name` says where the text came from.
 * Throws CommandFailure (usage) when it is no URL, would send a key in the clear, or holds a key itself.
 */
export function checkEndpoint(text: string, name: string): string {
  const example = 'for example https://my-haymaker.azurewebsites.net';
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${name} is not a URL; ${example}.`, { cause: error });
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw new CommandFailure(
      EXIT.usage,
      `${name} must begin with https:// (http:// only on this machine): a key must not travel in the clear; ${example}.`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new CommandFailure(
      EXIT.usage,
      `${name} must be an address alone, without user, query or #; a key belongs into "haymaker config set api-key".`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/(api(\/v1)?\/?)?$/, '');
}
