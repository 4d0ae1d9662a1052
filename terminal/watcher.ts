import { addEvents, type EventLine, NO_EVENTS } from './events.ts';
import { awayView, newView, nextView, type RunLook, type RunView } from './view.ts';

/** So many logs are read at one look: a run of 500 agents is no reason for 500 questions. */
const LOGS_A_LOOK = 8;

/** Where a run is looked at: the app's API, whoever asks it. */
export interface RunSource {
  /** The run as it is now; undefined when there is none (yet). */
  run(): Promise<RunLook | undefined>;
  /** What came to an agent's log behind `cursor`, or its end without one, and where it goes on. */
  log(agentId: string, cursor: string | undefined): Promise<{ lines: readonly EventLine[]; next?: string }>;
}

export interface Watcher {
  readonly view: RunView;
  /** Takes a look. Throws what the source throws when the run cannot be seen. */
  look(): Promise<RunView>;
  /** Notes that a look failed. */
  away(why: string): RunView;
}

/** Keeps the picture of one run up to date: asks for the run, and for the logs of the agents that have said something. */
export function createWatcher(source: RunSource, runId: string, now: () => number = Date.now): Watcher {
  let view = newView(runId, now());
  let events = NO_EVENTS;
  /** Where each log goes on, and what its agent had said when it was read. */
  const read = new Map<string, { cursor: string | undefined; said: string }>();
  let turn = 0;

  async function readLogs(look: RunLook): Promise<void> {
    const saidBy = (agent: RunLook['agents'][number]) =>
      `${agent.state ?? agent.status} ${agent.progress ?? ''}`;
    const news = look.agents.filter((agent) => read.get(agent.agent_id)?.said !== saidBy(agent));
    // Everybody gets a turn, also where there is always news from the first ones.
    const start = news.length > LOGS_A_LOOK ? turn % news.length : 0;
    turn += LOGS_A_LOOK;
    const chosen = [...news.slice(start), ...news.slice(0, start)].slice(0, LOGS_A_LOOK);
    const parts = await Promise.all(
      chosen.map(async (agent) => {
        const { agent_id: id } = agent;
        const cursor = read.get(id)?.cursor;
        // The events are an ornament: a log that cannot be read now is read at the next look, or not at all.
        const part = await source.log(id, cursor).catch(() => undefined);
        if (part) read.set(id, { cursor: part.next ?? cursor, said: saidBy(agent) });
        return part?.lines ?? [];
      }),
    );
    events = addEvents(events, parts.flat());
  }

  return {
    get view() {
      return view;
    },
    look: async () => {
      const look = await source.run();
      if (look) await readLogs(look);
      view = look ? nextView(view, look, events) : { ...view, away: undefined };
      return view;
    },
    away: (why) => {
      view = awayView(view, why, now());
      return view;
    },
  };
}
