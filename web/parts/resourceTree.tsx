import { useState } from 'preact/hooks';
import type { ReportResource } from '../../src/domain/report.ts';
import { groupBy } from '../../src/report/group.ts';
import { shortName, typeName } from '../../src/report/names.ts';
import { count } from '../../src/report/units.ts';
import { Badge, Section } from '../../src/view/parts.tsx';
import { Time } from '../../src/view/time.tsx';
import { Search } from './search.tsx';

/** One thing that was made, from a report or from the list of a run at work. */
export interface Made {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly scenario: string;
  readonly madeAt: string;
  readonly goneAt: string | null;
  readonly state: 'there' | 'removed' | 'remaining' | 'unknown';
  readonly reason?: string | null;
}

/** What of a tree with so few leaves is shown open. */
const OPEN_UP_TO = 24;

/** Everything that was made, as a tree: who provides it, what it is, which. */
export function ResourceTree({ made }: { made: readonly Made[] }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = made.filter(({ id, scenario, type }) =>
    [id, scenario, type].some((one) => one.toLowerCase().includes(wanted)),
  );
  const left = made.filter(({ state }) => state === 'remaining').length;
  const providers = [...groupBy(shown, providerOf)].sort(([a], [b]) => a.localeCompare(b));
  return (
    <Section
      id="resources"
      title="Made and removed"
      note={`${count(made.length, 'thing')} made${left > 0 ? `, ${left} still there` : ''}. Groups, identities, roles, secrets and jobs of HayMaker itself are counted too.`}
    >
      {made.length === 0 ? (
        <p class="empty">Nothing was made yet.</p>
      ) : (
        <>
          <div class="filters">
            <Search label="Find" text={text} hint="a name, a type, a scenario" onText={setText} />
          </div>
          <div class="tree" data-testid="resource-tree">
            {providers.map(([provider, ofProvider]) => (
              <details key={provider} open={shown.length <= OPEN_UP_TO || wanted !== ''}>
                <summary>
                  {provider} <Counts of={ofProvider} />
                </summary>
                {[...groupBy(ofProvider, typeOf)].map(([type, ofType]) => (
                  <details key={type} open={ofProvider.length <= OPEN_UP_TO}>
                    <summary>
                      {type} <Counts of={ofType} />
                    </summary>
                    <ul class="plain">
                      {ofType.map((one) => (
                        <Leaf key={one.kind + one.id} of={one} />
                      ))}
                    </ul>
                  </details>
                ))}
              </details>
            ))}
            {shown.length === 0 && <p class="empty">Nothing is called that.</p>}
          </div>
        </>
      )}
    </Section>
  );
}

function Counts({ of }: { of: readonly Made[] }) {
  const left = of.filter(({ state }) => state === 'remaining').length;
  const unknown = of.filter(({ state }) => state === 'unknown').length;
  return (
    <span class="sub num">
      {of.length} {left > 0 && <Badge tone="bad">{left} still there</Badge>}
      {unknown > 0 && <Badge tone="warn">{unknown} not known</Badge>}
    </span>
  );
}

function Leaf({ of: { id, scenario, madeAt, goneAt, state, reason } }: { of: Made }) {
  return (
    <li class="leaf">
      <span class="id" title={id}>
        {shortName(id)}
      </span>
      <span class="sub">{scenario}</span>
      <span class="sub num">
        <Time at={madeAt} precision="second" /> to {goneAt ? <Time at={goneAt} precision="second" /> : 'now'}
      </span>
      <State of={state} />
      {reason && <span class="sub reason">{reason}</span>}
    </li>
  );
}

function State({ of }: { of: Made['state'] }) {
  switch (of) {
    case 'there':
      return <Badge tone="live">there</Badge>;
    case 'removed':
      return <Badge tone="good">gone</Badge>;
    case 'remaining':
      return <Badge tone="bad">still there</Badge>;
    case 'unknown':
      return <Badge tone="warn">not known</Badge>;
  }
}

/** Microsoft.Network/virtualNetworks/subnets: Network, then virtualNetworks / subnets. */
function providerOf({ kind, type }: Made): string {
  if (kind !== 'resource') return 'HayMaker itself';
  return type.split('/')[0]?.replace(/^Microsoft\./i, '') || 'Other';
}

function typeOf({ kind, type }: Made): string {
  if (kind !== 'resource') return typeName({ kind, resourceType: type });
  return type.split('/').slice(1).join(' / ') || type;
}

/** What a report lists. */
export function madeOf(list: readonly ReportResource[], scenarioOf: (agentId: string) => string): Made[] {
  return list.map(({ id, kind, resourceType, agentId, createdAt, removedAt, state }) => ({
    id,
    kind,
    type: resourceType,
    scenario: scenarioOf(agentId),
    madeAt: createdAt,
    goneAt: removedAt,
    state,
  }));
}
