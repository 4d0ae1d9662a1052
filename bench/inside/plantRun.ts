import { input, openBooks } from './records.ts';

/** A run whose agents have ended, and of whose things the books know nothing yet. */
export interface PlantRun {
  readonly runId: string;
}

const { runId } = input<PlantRun>();
await openBooks().records.runs.save(runId, {
  status: 'running',
  trigger: 'manual',
  phase: 'cleaning',
  startedAt: new Date().toISOString(),
  scenarios: ['compute-01'],
});
console.log('null');
