import { useMemo, useState } from 'preact/hooks';
import type { AgentInfo, LogLine } from '../../src/api/schemas/agents.ts';
import { count, durationWords, secondsBetween } from '../../src/report/units.ts';
import { Badge, type Tone } from '../../src/view/parts.tsx';
import { Time, useZone } from '../../src/view/time.tsx';
import { get } from '../data/api.ts';
import type { Live } from '../data/live.ts';
import { useLoaded } from '../data/load.ts';
import { type AgentLog, useLog } from '../data/log.ts';
import { useNow } from '../parts/clock.ts';
import { AGENT_STATES } from '../parts/course.ts';
import { Show } from '../parts/states.tsx';
import { VirtualList } from '../parts/virtualList.tsx';
import { hrefs } from '../route.ts';

const ROW_PX = 24;
const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
const FILTERS = {
  all: 'everything',
  work: 'without heartbeats',
  WARNING: 'warnings and errors',
  ERROR: 'errors',
} as const;
type Filter = keyof typeof FILTERS;

/** One agent: who it is, and what it says. */
export function AgentView({ id, live: { answer } }: { id: string; live: Live }) {
  const current = answer?.run?.agents.find(({ agent_id }) => agent_id === id);
  const asked = useLoaded(`agent ${id}`, (signal) =>
    get<AgentInfo>(`/api/v1/agents/${encodeURIComponent(id)}`, signal),
  );
  const log = useLog(id);
  if (current) return <AgentPage agent={current} log={log} />;
  return <Show of={asked}>{(agent) => <AgentPage agent={agent} log={log} />}</Show>;
}

const TONES: Record<AgentInfo['status'], Tone> = { running: 'live', completed: 'good', failed: 'bad' };

function AgentPage({ agent, log }: { agent: AgentInfo; log: AgentLog }) {
  const now = useNow(agent.completed_at === null);
  return (
    <>
      <div class="head">
        <div>
          <p class="eyebrow">
            Agent of run{' '}
            <a class="id" href={hrefs.run(agent.run_id)}>
              {agent.run_id}
            </a>
          </p>
          <h1>{agent.title || agent.scenario}</h1>
          <p class="lead">
            <Badge tone={TONES[agent.status]}>{AGENT_STATES[agent.state] ?? agent.state}</Badge>{' '}
            <a class="id" href={hrefs.scenario(agent.scenario)}>
              {agent.scenario}
            </a>
            , started at <Time at={agent.started_at} precision="second" />,{' '}
            {agent.completed_at ? 'ran for ' : 'for '}
            {durationWords(secondsBetween(agent.started_at, agent.completed_at ?? now))}
            {agent.last_event_at && agent.status === 'running' && (
              <>, last heard {durationWords(secondsBetween(agent.last_event_at, now))} ago</>
            )}
            .
          </p>
        </div>
      </div>
      {agent.error && (
        <div class="alert">
          <p>{agent.error}</p>
        </div>
      )}
      <Log log={log} />
    </>
  );
}

function Log({ log }: { log: AgentLog }) {
  const [level, setLevel] = useState<Filter>('all');
  const [text, setText] = useState('');
  const [frozen, setFrozen] = useState<readonly LogLine[] | undefined>();
  const [atEnd, setAtEnd] = useState(true);
  const [selected, setSelected] = useState<string | undefined>();
  const lines = frozen ?? log.lines;
  const shown = useMemo(() => filtered(lines, level, text), [lines, level, text]);
  const selectedIndex =
    selected === undefined ? -1 : shown.findIndex(({ event_id }) => event_id === selected);
  const fresh = frozen ? Math.max(0, log.lines.length - frozen.length) : 0;
  return (
    <section class="log" aria-labelledby="log-title">
      <div class="log-head">
        <h2 id="log-title">Log</h2>
        <p class="note num" role="status" data-testid="log-state">
          {stateWords(log, shown.length, lines.length)}
          {fresh > 0 && `, ${count(fresh, 'new line')} waiting`}
        </p>
      </div>
      <div class="filters">
        <label class="wide">
          Search
          <input
            type="search"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            data-testid="log-search"
          />
        </label>
        <label>
          Level
          <select
            value={level}
            onChange={(event) => setLevel(event.currentTarget.value as Filter)}
            data-testid="log-level"
          >
            {Object.entries(FILTERS).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          aria-pressed={frozen !== undefined}
          onClick={() => setFrozen(frozen ? undefined : log.lines)}
          data-testid="log-pause"
        >
          {frozen ? 'Go on' : 'Pause'}
        </button>
      </div>
      {shown.length === 0 ? (
        <p class="empty">{emptyWords(log, text !== '' || level !== 'all')}</p>
      ) : (
        <VirtualList
          count={shown.length}
          rowHeight={ROW_PX}
          label="Log lines"
          follow={frozen === undefined}
          selected={selectedIndex < 0 ? undefined : selectedIndex}
          onSelect={(index) => setSelected(shown[index]?.event_id)}
          onAtEnd={setAtEnd}
          row={(index) => <Row line={shown[index]} />}
        />
      )}
      {!atEnd && shown.length > 0 && !frozen && log.state === 'following' && (
        <p class="note">Scroll to the end to follow.</p>
      )}
      {selectedIndex >= 0 && <Detail line={shown[selectedIndex]} onClose={() => setSelected(undefined)} />}
    </section>
  );
}

function Row({ line }: { line: LogLine | undefined }) {
  const zone = useZone();
  if (!line) return null;
  return (
    <>
      <span class="at">{zone.clock(line.timestamp, 'second')}</span>
      <span class={`level ${line.level.toLowerCase()}`}>{line.level === 'INFO' ? '' : line.level}</span>
      <span class="message">{line.message}</span>
    </>
  );
}

/** A line whole, with what came with it. */
function Detail({ line, onClose }: { line: LogLine | undefined; onClose: () => void }) {
  if (!line) return null;
  const more = Object.keys(line.metadata).length > 0;
  return (
    <section class="detail" aria-label="Selected line" data-testid="log-detail">
      <p class="eyebrow">
        <Time at={line.timestamp} precision="second" withDay /> <span class="id">{line.event_type}</span>{' '}
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </p>
      <p class="whole">{line.message}</p>
      {more && <pre>{JSON.stringify(line.metadata, null, 2)}</pre>}
    </section>
  );
}

function filtered(lines: readonly LogLine[], filter: Filter, text: string): readonly LogLine[] {
  const wanted = text.trim().toLowerCase();
  if (filter === 'all' && wanted === '') return lines;
  return lines.filter(
    (line) =>
      passes(line, filter) &&
      (wanted === '' || line.message.toLowerCase().includes(wanted) || line.event_type.includes(wanted)),
  );
}

function passes(line: LogLine, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'work':
      return line.event_type !== 'heartbeat';
    default:
      return LEVELS.indexOf(line.level) >= LEVELS.indexOf(filter);
  }
}

function stateWords({ state, failure }: AgentLog, shown: number, all: number): string {
  const lines =
    shown === all ? count(all, 'line') : `${shown.toLocaleString('en-US')} of ${count(all, 'line')}`;
  switch (state) {
    case 'loading':
      return 'Reading…';
    case 'following':
      return `${lines}, following`;
    case 'ended':
      return `${lines}; the run has ended`;
    case 'lost':
      return `${lines}; ${failure?.message ?? 'the server does not answer'}`;
  }
}

function emptyWords({ state }: AgentLog, isFiltered: boolean): string {
  if (state === 'loading') return 'Asking the server…';
  if (isFiltered) return 'No line is like that. Search for less, or show everything.';
  return state === 'ended'
    ? 'The agent said nothing.'
    : 'The agent has said nothing yet. Its first lines come when its container has started, within a minute or two.';
}
