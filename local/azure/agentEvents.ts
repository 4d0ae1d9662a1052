import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { ServiceBusClient } from '@azure/service-bus';
import type { AgentEvent } from '../../src/domain/event.ts';
import type { SendHttp } from './agentHttp.ts';
import type { AgentSettings } from './agentSettings.ts';

/** What an agent has to say; the rest of the event is the same in all of them. */
export type AgentMessage = Pick<AgentEvent, 'event_type' | 'message'> &
  Partial<Pick<AgentEvent, 'severity' | 'resource_id' | 'resource_type' | 'details'>>;

export interface EventStream {
  /** Sends one event; rejects when Service Bus did not take it. */
  post(message: AgentMessage): Promise<void>;
  close(): Promise<void>;
}

/** Posts events to the topic with the real client, as the managed identity that may do so. */
export function openEvents(settings: AgentSettings, http: SendHttp): EventStream {
  if (settings.caPath) trust(settings.caPath);
  const client = new ServiceBusClient(
    settings.serviceBusNamespace,
    { getToken: (scopes) => managedIdentityToken(settings, http, [scopes].flat()[0] ?? '') },
    {
      retryOptions: { maxRetries: 3, retryDelayInMs: 500, timeoutInMs: 10_000 },
      ...(settings.serviceBusEndpoint ? { customEndpointAddress: settings.serviceBusEndpoint } : {}),
    },
  );
  const sender = client.createSender(settings.serviceBusTopic);
  return {
    async post({ severity = 'info', ...message }) {
      const event: AgentEvent = {
        event_id: randomUUID(),
        timestamp: new Date().toISOString(),
        run_id: settings.runId,
        agent_id: settings.agentId,
        scenario: settings.scenarioId,
        severity,
        ...message,
      };
      await sender.sendMessages({ body: event, contentType: 'application/json', messageId: event.event_id });
    },
    close: () => client.close(),
  };
}

async function managedIdentityToken(settings: AgentSettings, http: SendHttp, scope: string) {
  const query = new URLSearchParams({
    'api-version': '2019-08-01',
    resource: scope.replace(/\/\.default$/, ''),
    mi_res_id: settings.eventsIdentityId,
  });
  const answer = await http('GET', `${settings.identityEndpoint}?${query}`, {
    headers: { 'x-identity-header': settings.identityHeader },
    allowInsecureConnection: true,
  });
  const { access_token: token, expires_on: expiresOn } = answer.json as Record<string, string>;
  if (answer.status !== 200 || !token) {
    throw new Error(`The identity endpoint answered ${answer.status} for ${settings.eventsIdentityId}.`);
  }
  return { token, expiresOnTimestamp: Number(expiresOn) * 1_000 };
}

const trusted = new Set<string>();

/** The client has no option for a certificate authority, so the process has to trust it, as NODE_EXTRA_CA_CERTS would do. */
function trust(caPath: string): void {
  if (trusted.has(caPath)) return;
  trusted.add(caPath);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(caPath, 'utf8')]);
}
