import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { performAgent } from './agent.ts';
import { connectTopic, createEventStream } from './eventStream.ts';
import { Budget } from './repair/budget.ts';
import { createRepair, REPAIR_LIMITS } from './repair/repair.ts';
import { createResourceManager } from './resourceManager.ts';
import { loadScenario } from './scenario.ts';
import { createScrub } from './scrub.ts';
import { agentSettings } from './settings.ts';
import { stepEnvironment } from './stepEnvironment.ts';

/** Exit codes: 0 done and the group is empty; 1 not everything went well; 2 this container cannot work; 143 told to stop. */
const CANNOT_WORK = 2;

try {
  process.exitCode = await main();
} catch (error) {
  const scrub = createScrub([process.env.AZURE_CLIENT_SECRET, process.env.ANTHROPIC_API_KEY]);
  console.error(scrub(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  process.exitCode = CANNOT_WORK;
}
// Connections of the SDKs may outlive their use.
process.exit();

async function main(): Promise<number> {
  const settings = agentSettings(process.env);
  const scrub = createScrub([settings.clientSecret, settings.anthropicApiKey, process.env.IDENTITY_HEADER]);
  const loaded = await loadScenario(settings.scenariosDir, settings.scenarioId);
  const credential = new ClientSecretCredential(settings.tenantId, settings.clientId, settings.clientSecret);
  const topic = connectTopic(
    settings,
    new ManagedIdentityCredential({ resourceId: settings.eventsIdentityId }),
  );
  const events = createEventStream(settings, scrub, topic.deliver, topic.close);
  const env = await stepEnvironment(settings, process.env);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => stop.abort(new Error(`The agent was told to stop (${name}).`)));
  }
  const budget = new Budget(REPAIR_LIMITS);
  return performAgent({
    settings,
    loaded,
    events,
    env,
    resourceManager: createResourceManager(credential, settings.subscriptionId, settings.resourceGroup),
    budget,
    repair: createRepair({ settings, budget, events, scrub, env, signal: stop.signal }),
    stop: stop.signal,
  });
}
