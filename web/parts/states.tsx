import type { ComponentChildren } from 'preact';
import type { ApiFailure } from '../data/api.ts';
import type { Loaded } from '../data/load.ts';

/** What is shown while something is asked for, when it failed, and when it is there. */
export function Show<T>({
  of,
  children,
}: {
  of: Loaded<T>;
  children: (value: T, again: () => void) => ComponentChildren;
}) {
  if (of.state === 'loading') return <p class="waiting">Asking the server…</p>;
  if (of.state === 'failed') return <Failed failure={of.failure} again={of.again} />;
  return <>{children(of.value, of.again)}</>;
}

export function Failed({ failure, again }: { failure: ApiFailure; again?: () => void }) {
  return (
    <div class="alert" role="alert" data-testid="failed">
      <p>{failure.message}</p>
      {again && (
        <p>
          <button type="button" onClick={again}>
            Ask again
          </button>
        </p>
      )}
    </div>
  );
}
