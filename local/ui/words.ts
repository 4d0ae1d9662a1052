import { clock, count } from '../../terminal/text.ts';
import { startUrl, statusUrl } from '../stack/durable.ts';
import { isSuccess, type Outcome } from '../stack/outcome.ts';

/** The outcome of a run in sentences, one line each, and where its report is. */
export function outcomeWords(outcome: Outcome, failure: string | undefined): string[] {
  const took = clock(outcome.durationSeconds * 1_000);
  return [
    `${runWords(outcome)} It took ${took} with ${count(outcome.agents, 'agent')}, which made ` +
      `${count(outcome.resourcesCreated, 'resource')}; ${outcome.resourcesRemoved} were removed.`,
    cleanupWords(outcome),
    ...(failure ? [`What went wrong: ${failure}`] : []),
    ...(outcome.reportPath ? [`Report: ${outcome.reportPath}`] : []),
  ];
}

function runWords({ status }: Outcome): string {
  switch (status) {
    case 'completed':
      return 'The run completed.';
    case 'completed_with_failures':
      return 'The run completed; some agents did not end well.';
    case 'stopped':
      return 'The run was stopped.';
    case 'failed':
      return 'The run failed.';
  }
}

function cleanupWords(outcome: Outcome): string {
  if (isSuccess(outcome)) {
    return 'Nothing is left: the clean-up is verified, and the stand-in for Azure has nothing of the run either.';
  }
  switch (outcome.cleanupStatus) {
    case 'not_needed':
      return `The run made nothing, so nothing had to be cleaned up; ${count(outcome.leftovers, 'leftover')} found.`;
    case 'unknown':
      return `The clean-up is not proven: a source did not answer; ${count(outcome.leftovers, 'leftover')} known.`;
    case 'verified':
      return `The run says that nothing is left, and that is wrong: ${count(outcome.leftovers, 'leftover')} in the stand-in.`;
    case 'leftovers':
      return `The clean-up ended with ${count(outcome.leftovers, 'leftover')}; the report lists them with the reason.`;
  }
}

/** Ways to look further while the stack is up, as commands with the real address. */
export function curlExamples(hostUrl: string, runId: string): string[] {
  const json = "-H 'content-type: application/json'";
  return [
    `curl -s '${statusUrl(hostUrl, runId)}?showHistory=true'`,
    `curl -s ${hostUrl}/api/v1/status`,
    `curl -s -X POST ${startUrl(hostUrl, 'my-run')}`,
    `curl -s ${hostUrl}/api/orchestrators/my-run/status`,
    `curl -s -X POST ${hostUrl}/api/orchestrators/base_orchestrator ${json} -d '{"message":"hello","wait_event_name":"go"}'`,
  ];
}
