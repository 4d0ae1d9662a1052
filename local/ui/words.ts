import { startUrl, statusUrl } from '../stack/durable.ts';
import { isSuccess, type Outcome } from '../stack/outcome.ts';
import { clock, count } from './text.ts';

/** The outcome of a run in sentences. */
export function outcomeWords(outcome: Outcome, failure: string | undefined): string[] {
  return [
    `${runWords(outcome.status)} It ran ${count(outcome.agents, 'agent')} for ${clock(outcome.durationSeconds * 1_000)}, ` +
      `made ${count(outcome.resourcesCreated, 'resource')} and removed ${outcome.resourcesRemoved}.`,
    cleanupWords(outcome),
    ...(failure ? [`What went wrong: ${failure}`] : []),
  ];
}

function runWords(status: string): string {
  switch (status) {
    case 'completed':
      return 'The run completed.';
    case 'completed_with_failures':
      return 'The run completed; some agents did not end well, as some never do.';
    case 'stopped':
      return 'The run was stopped.';
    default:
      return 'The run failed.';
  }
}

function cleanupWords(outcome: Outcome): string {
  if (isSuccess(outcome)) return 'Nothing is left: every source that can see leftovers was asked, twice.';
  switch (outcome.cleanupStatus) {
    case 'not_needed':
      return 'Nothing was made, so there was nothing to clean up.';
    case 'unknown':
      return 'Whether something is left is not known: a source did not answer.';
    default:
      return `${count(outcome.leftovers, 'leftover')} found at the end (clean-up: ${outcome.cleanupStatus}).`;
  }
}

/** Ways to look further while the stack is up, as commands with the real address. */
export function curlExamples(hostUrl: string, runId: string): string[] {
  return [
    `curl -s '${statusUrl(hostUrl, runId)}?showHistory=true'`,
    `curl -s ${hostUrl}/api/v1/status`,
    `curl -s -X POST ${startUrl(hostUrl, 'another-run')}`,
    `curl -s ${hostUrl}/api/orchestrators/another-run/status`,
    `curl -s -X POST ${hostUrl}/api/orchestrators/base_orchestrator -H 'content-type: application/json' \\\n    -d '{"message":"hello","wait_event_name":"go"}'`,
  ];
}
