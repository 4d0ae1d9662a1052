import type { AgentState } from '../domain/agent.ts';
import type { Phase } from '../domain/run.ts';
import { PHASE_NAMES } from '../report/names.ts';
import { type ClockPrecision, durationWords, secondsBetween } from '../report/units.ts';
import { type TimeScale, ticks, timeScale } from './scale.ts';
import { useZone } from './time.tsx';

const MOST_TICKS = 8;
/** A phase narrower than this has no room for its name; the list below the drawing names it. */
const NAMED_FROM_PERCENT = 14;
/** The same on a phone. */
const NAMED_ON_PHONE_FROM_PERCENT = 24;

/** One agent's line. Instants are ISO 8601. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly state: AgentState;
  /** How it ended, or what it said last. */
  readonly words: string;
  /** At the right end: the state in a word, and since when. */
  readonly stateName: string;
  readonly endedAt: string | undefined;
  readonly from: string;
  readonly heardUntil: string;
  readonly to: string;
  /** It had a container; without one there is no work to draw. */
  readonly worked: boolean;
  readonly href?: string;
}

export interface Course {
  readonly startedAt: string;
  /** The right edge: the end of the run, or its planned one. */
  readonly until: string;
  /** The planned end of the agents' work. */
  readonly endsAt?: string | undefined;
  /** Of a run at work. */
  readonly now?: string | undefined;
  readonly phases: readonly { readonly phase: Phase; readonly startedAt: string; readonly endedAt: string }[];
  readonly lanes: readonly Lane[];
  readonly precision: ClockPrecision;
  /** What agents said last stands below their names. */
  readonly withWords?: boolean;
}

/**
 * A run as a drawing: phases as bands, a lane for each agent, ticks below. Positions are percentages, so that it takes any
 * width; every lane says in words what it shows.
 */
export function Timeline({ course }: { course: Course }) {
  const scale = timeScale({ startedAt: course.startedAt, completedAt: course.until });
  return (
    <div class="timeline">
      <div class="drawing">
        <Background course={course} scale={scale} />
        <svg class="bands" width="100%" height="34" aria-hidden="true">
          {course.phases.map((phase) => (
            <Band key={phase.phase} of={phase} scale={scale} />
          ))}
        </svg>
        <ol class="lanes" aria-label="Agents">
          {course.lanes.map((lane) => (
            <LaneRow key={lane.id} lane={lane} scale={scale} course={course} />
          ))}
        </ol>
        <Axis scale={scale} precision={course.precision} />
      </div>
      {course.now === undefined && <PhaseList phases={course.phases} />}
    </div>
  );
}

/** What lies behind all lanes: the clean-up as a tint, the ticks, the planned end, and now. */
function Background({ course, scale }: { course: Course; scale: TimeScale }) {
  const cleaning = course.phases.find(({ phase }) => phase === 'cleaning');
  const from = cleaning ? scale.percent(cleaning.startedAt) : 0;
  const planned = course.endsAt ? scale.percent(course.endsAt) : 0;
  const now = course.now ? scale.percent(course.now) : undefined;
  return (
    <svg class="behind" width="100%" height="100%" aria-hidden="true">
      {cleaning && (
        <rect
          class="column"
          x={`${from}%`}
          width={`${round(Math.max(0, scale.percent(cleaning.endedAt) - from))}%`}
          height="100%"
        />
      )}
      {ticks(scale, MOST_TICKS).map((tick) => (
        <line
          class="grid"
          key={tick}
          x1={`${scale.percent(tick)}%`}
          x2={`${scale.percent(tick)}%`}
          y2="100%"
        />
      ))}
      {planned > 0 && planned < 100 && (
        <line class="planned" x1={`${planned}%`} x2={`${planned}%`} y2="100%">
          <title>Planned end of the agents’ work</title>
        </line>
      )}
      {now !== undefined && <line class="now" x1={`${now}%`} x2={`${now}%`} y2="100%" />}
    </svg>
  );
}

function Band({
  of: { phase, startedAt, endedAt },
  scale,
}: {
  of: Course['phases'][number];
  scale: TimeScale;
}) {
  const from = scale.percent(startedAt);
  const width = round(Math.max(0, scale.percent(endedAt) - from));
  return (
    <g class={`phase ${phase}`}>
      <rect class="band" x={`${from}%`} y="22" width={`${width}%`} height="5" />
      {width >= NAMED_FROM_PERCENT && (
        <text x={`${from}%`} y="14" class={width < NAMED_ON_PHONE_FROM_PERCENT ? 'roomy' : undefined}>
          {PHASE_NAMES[phase]}
        </text>
      )}
    </g>
  );
}

function LaneRow({ lane, scale, course }: { lane: Lane; scale: TimeScale; course: Course }) {
  const zone = useZone();
  const from = `${scale.percent(lane.from)}%`;
  const heardUntil = scale.percent(lane.heardUntil);
  const to = scale.percent(lane.to);
  return (
    <li
      class={`lane ${lane.state}`}
      data-testid="lane"
      data-agent={lane.id}
      title={`${lane.title}: ${lane.words}`}
    >
      <p class="lane-text">
        <span class="label">{lane.href ? <a href={lane.href}>{lane.label}</a> : lane.label}</span>
        <span class="name faint">{lane.title}</span>
        <span class="end">
          {lane.stateName}
          {lane.endedAt && ` ${zone.clock(lane.endedAt, course.precision)}`}
        </span>
      </p>
      <svg class="bar" width="100%" height="14" aria-hidden="true">
        <line class="track" x1="0%" x2="100%" y1="7" y2="7" />
        {lane.worked && <line class="work" x1={from} x2={`${heardUntil}%`} y1="7" y2="7" />}
        {heardUntil < to && <line class="silent" x1={`${heardUntil}%`} x2={`${to}%`} y1="7" y2="7" />}
        <svg x={`${to}%`} y="7" overflow="visible" aria-hidden="true">
          <EndMark state={lane.state} live={course.now !== undefined} />
        </svg>
      </svg>
      {course.withWords && <p class="words">{lane.words || '\u00a0'}</p>}
    </li>
  );
}

/** The shape tells the end without colour: dot, cross, ring, bar; an open dot for what goes on. */
function EndMark({ state, live }: { state: AgentState; live: boolean }) {
  switch (state) {
    case 'completed':
      return <circle class="mark" r="5" />;
    case 'failed':
    case 'removed':
      return <path class="mark cross" d="M-4 -4L4 4M-4 4L4 -4" />;
    case 'lost':
      return <circle class="mark ring" r="4.5" />;
    case 'running':
      return live ? <circle class="mark head" r="5" /> : <path class="mark cross" d="M0 -7V7" />;
    case 'provisioning':
      return live ? (
        <circle class="mark ring waiting" r="4" />
      ) : (
        <path class="mark cross" d="M-4 -4L4 4M-4 4L4 -4" />
      );
  }
}

function Axis({ scale, precision }: { scale: TimeScale; precision: ClockPrecision }) {
  const zone = useZone();
  return (
    <svg class="axis" width="100%" height="24" aria-hidden="true">
      <line x1="0%" x2="100%" y1="0.5" y2="0.5" />
      {ticks(scale, MOST_TICKS).map((tick, index) => {
        const x = scale.percent(tick);
        return (
          <text
            key={tick}
            class={index % 2 === 1 ? 'roomy' : undefined}
            x={`${x}%`}
            y="17"
            text-anchor={x < 5 ? 'start' : x > 95 ? 'end' : 'middle'}
          >
            {zone.clock(new Date(tick).toISOString(), precision)}
          </text>
        );
      })}
    </svg>
  );
}

function PhaseList({ phases }: Pick<Course, 'phases'>) {
  if (phases.length === 0) return null;
  return (
    <ol class="phases" aria-label="Phases">
      {phases.map(({ phase, startedAt, endedAt }) => (
        <li class={phase} key={phase}>
          <span class="name">{PHASE_NAMES[phase]}</span>{' '}
          <span class="num">{durationWords(secondsBetween(startedAt, endedAt))}</span>
        </li>
      ))}
    </ol>
  );
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
