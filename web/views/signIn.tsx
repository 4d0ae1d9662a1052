import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure, get } from '../data/api.ts';
import { type Credential, forgetCredential, keepCredential, signInKind } from '../data/session.ts';

/** What an Entra token looks like; whatever else is pasted is a slip. */
const TOKEN = /^(bearer\s+)?([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Asks for the key or the token, tries it on the server, and keeps it for this tab. */
export function SignIn({ refusal, onDone }: { refusal: string; onDone: () => void }) {
  const { kind, audience } = signInKind();
  const [problem, setProblem] = useState(refusal);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const given = credentialFrom(kind, field.current?.value ?? '');
    if (typeof given === 'string') return setProblem(given);
    setBusy(true);
    keepCredential(given);
    const failure = await tried();
    setBusy(false);
    if (failure === undefined) return onDone();
    forgetCredential();
    setProblem(failure);
    field.current?.select();
  };

  return (
    <main class="sign-in" data-testid="view-sign-in">
      <p class="brand">HayMaker</p>
      <h1>Sign in</h1>
      <form onSubmit={submit}>
        <label for="credential">{kind === 'key' ? 'Function key' : 'Entra access token'}</label>
        <input
          id="credential"
          ref={field}
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          aria-describedby="credential-hint credential-problem"
          aria-invalid={problem !== ''}
          data-testid="credential"
        />
        <p class="problem" id="credential-problem" role="alert" data-testid="sign-in-problem">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy} data-testid="sign-in">
          {busy ? 'Asking…' : 'Sign in'}
        </button>
        <div class="hint" id="credential-hint">
          {kind === 'key' ? <KeyHint /> : <TokenHint audience={audience} />}
          <p>It stays in this tab and is gone when you close it.</p>
        </div>
      </form>
    </main>
  );
}

function KeyHint() {
  return (
    <>
      <p>A key of the function app; with the Azure CLI:</p>
      <pre>
        <code>
          az functionapp keys list -g &lt;group&gt; -n &lt;app&gt; --query functionKeys.default -o tsv
        </code>
      </pre>
    </>
  );
}

function TokenHint({ audience }: { audience: string | undefined }) {
  return (
    <>
      <p>A token with the role HayMaker.Reader, or HayMaker.Operator to start and stop runs:</p>
      <pre>
        <code>
          az account get-access-token --resource {audience ?? '<API_AUDIENCE>'} --query accessToken -o tsv
        </code>
      </pre>
    </>
  );
}

/** The credential that was typed, or what is wrong with it. */
function credentialFrom(kind: Credential['kind'], text: string): Credential | string {
  const value = text.trim();
  if (kind === 'key') {
    // A header carries printable ASCII; anything else was not copied whole.
    return /^[\x21-\x7e]+$/.test(value)
      ? { kind, value }
      : 'This is not a key: it has no spaces or accents. Copy it whole.';
  }
  const token = TOKEN.exec(value)?.[2];
  return token
    ? { kind, value: token }
    : 'This is not a token: three parts with dots between. Copy it whole.';
}

async function tried(): Promise<string | undefined> {
  try {
    await get('/api/v1/status');
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return error.message;
  }
}
