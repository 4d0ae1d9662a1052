import { useState } from 'preact/hooks';
import { ApiFailure, post } from '../data/api.ts';
import { Dialog } from './dialog.tsx';

/** Ends the monitoring of a run, after asking. Clean-up and report follow by themselves. */
export function StopButton({ runId, onTold }: { runId: string; onTold: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsking(true)} data-testid="stop">
        Stop this run
      </button>
      {asking && <StopDialog runId={runId} onClose={() => setAsking(false)} onTold={onTold} />}
    </>
  );
}

function StopDialog({ runId, onClose, onTold }: { runId: string; onClose: () => void; onTold: () => void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const stop = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await post(
        `/api/v1/runs/${encodeURIComponent(runId)}/stop`,
        reason.trim() ? { reason: reason.trim() } : {},
      );
      onTold();
      onClose();
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof ApiFailure ? error.message : String(error));
    }
  };
  return (
    <Dialog title="Stop this run?" onClose={onClose}>
      <p>
        The agents of <span class="id">{runId}</span> end now. Everything that was made is removed and a
        report is written, as after any run. This cannot be taken back.
      </p>
      <form onSubmit={stop}>
        <label for="stop-reason">Reason, for the report (optional)</label>
        <input
          id="stop-reason"
          value={reason}
          maxLength={500}
          autocomplete="off"
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <p class="problem" role="alert">
          {problem}
        </p>
        <div class="actions">
          <button type="button" onClick={onClose}>
            Let it run
          </button>
          <button type="submit" class="danger" disabled={busy} data-testid="stop-confirm">
            {busy ? 'Stopping…' : 'Stop the run'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
