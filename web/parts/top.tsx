import type { Connection, Live } from '../data/live.ts';
import { credential } from '../data/session.ts';
import { hrefs, type Route } from '../route.ts';

const TABS = [
  ['now', 'Now', ['now', 'agent']],
  ['runs', 'Runs', ['runs', 'run']],
  ['scenarios', 'Scenarios', ['scenarios', 'scenario']],
  ['health', 'Health', ['health']],
] as const;

const WORDS: Record<Connection, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  polling: 'Every 5 s',
  lost: 'No answer',
};

/** The bar on top: where one can go, and whether the server is heard. */
export function Top({ route, live, onLeave }: { route: Route; live: Live; onLeave: () => void }) {
  return (
    <header class="top">
      <a class="brand" href={hrefs.now}>
        HayMaker
      </a>
      <nav aria-label="Views">
        {TABS.map(([view, name, views]) => (
          <a
            key={view}
            href={hrefs[view]}
            aria-current={(views as readonly string[]).includes(route.view) ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <p class={`connection ${live.connection}`} role="status" data-testid="connection">
        {WORDS[live.connection]}
      </p>
      {credential() && (
        <button type="button" class="quiet" onClick={onLeave} data-testid="sign-out">
          Sign out
        </button>
      )}
      {live.connection === 'lost' && live.failure && !live.failure.isSignIn && (
        <p class="lost-banner" role="alert" data-testid="lost">
          {live.failure.message} {live.answer ? 'What is shown is what was known last. ' : ''}
          Trying again by itself.
        </p>
      )}
    </header>
  );
}
