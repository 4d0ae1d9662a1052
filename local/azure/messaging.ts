import { IDS, WORLD } from '../world.ts';
import { type Broker, type BrokerFault, startBroker } from './broker.ts';
import type { Cloud } from './cloud.ts';
import type { FaultSpec } from './faults.ts';

const AUDIENCE = 'https://servicebus.azure.net';

/** The world's Service Bus namespace, with the tenant's tokens, roles, faults and call log. */
export function startMessaging(cloud: Cloud): Promise<Broker> {
  return startBroker({
    tls: { key: cloud.pki.key, cert: cloud.pki.cert },
    topology: { [WORLD.topic]: [WORLD.subscription] },
    verify: (token) =>
      cloud.tokens.verify(token, [AUDIENCE]).then(
        ({ principal }) => principal,
        () => undefined,
      ),
    may: (principal, right, entity) =>
      cloud.authorization.can(
        principal.oid,
        `Microsoft.ServiceBus/namespaces/messages/${right}/action`,
        `${IDS.serviceBus}/topics/${entity}`,
        'dataAction',
      ),
    onCall: ({ operation, right, entity, principal, outcome }) =>
      cloud.calls.add({
        at: cloud.now(),
        service: 'service-bus',
        method: operation,
        host: WORLD.serviceBusNamespace,
        path: `/${entity}`,
        operation: `Microsoft.ServiceBus/namespaces/messages/${right}/${operation}`,
        principal: principal?.displayName,
        status: outcome === 'accepted' ? 200 : 401,
      }),
    fault: (right, entity) => {
      const fault = cloud.faults.take(`${right.toUpperCase()} ${WORLD.serviceBusNamespace}/${entity}`);
      return fault && amqpFault(fault);
    },
  });
}

/** AMQP has conditions where HTTP has statuses. */
const CONDITIONS: Readonly<Record<number, string>> = {
  401: 'amqp:unauthorized-access',
  403: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  500: 'amqp:internal-error',
};
const BUSY = 'com.microsoft:server-busy';

function amqpFault(fault: FaultSpec): BrokerFault {
  switch (fault.kind) {
    case 'status':
      return {
        kind: 'refuse',
        condition: { condition: CONDITIONS[fault.status] ?? BUSY, description: fault.message },
      };
    case 'reset':
      return { kind: 'cut' };
    case 'timeout':
      return { kind: 'silence' };
    case 'lostAnswer':
      return { kind: 'lostAnswer' };
  }
}
