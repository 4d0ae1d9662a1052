import { useMemo, useState } from 'preact/hooks';
import type { AgentInfo } from '../../src/api/schemas/agents.ts';
import type { RunDetail } from '../../src/api/schemas/runs.ts';
import type { LiveAnswer } from '../../src/api/schemas/status.ts';
import { CLEANUP_NAMES, STATUS_NAMES } from '../../src/report/names.ts';
import { count, durationWords, secondsBetween } from '../../src/report/units.ts';
import { headline } from '../../src/report/words.ts';
import { Badge, Figures, Section, type Tone } from '../../src/view/parts.tsx';
import { Time } from '../../src/view/time.tsx';
import { Timeline } from '../../src/view/timeline.tsx';
import { cleanupTone, statusTone } from '../../src/view/tones.ts';
import type { Live } from '../data/live.ts';
import { useNow } from '../parts/clock.ts';
import { liveCourse } from '../parts/course.ts';
import { Recent } from '../parts/recent.tsx';
import { Stepper } from '../parts/stepper.tsx';
import { StopButton } from '../parts/stop.tsx';
import { hrefs } from '../route.ts';

/** The drawing of a run is hardly wider than this, in pixels. */
const VISIBLE_STEPS = 1_200;

const DOING: Record<string, string> = {
  validating: 'Checking that everything works.',
  selecting: 'Choosing scenarios.',
  provisioning: 'Agents are being made.',
  monitoring: 'Agents are at work.',
  cleaning: 'Cleaning up.',
  reporting: 'Writing the report.',
  ended: 'Coming to an end.',
};

/** Is it running, what are the agents doing, and how did the last run end. */
export function NowView({ live: { answer, connection } }: { live: Live }) {
  // Nobody knows what goes on while the server is not heard: the drawing stands still.
  const now = useNow(connection !== 'lost');
  if (!answer) return <p class="waiting">Asking the server…</p>;
  const { status, run } = answer;
  if (run && status.current_run_id) return <Running run={run} now={now} />;
  return <Idle answer={answer} now={now} />;
}

/** A run at work: where it is, what its agents do. */
export function Running({ run, now }: { run: RunDetail; now: string }) {
  const agents = (status: AgentInfo['status']) =>
    run.agents.filter((agent) => agent.status === status).length;
  const [told, setTold] = useState(false);
  const left = run.scheduled_end_at ? secondsBetween(now, run.scheduled_end_at) : undefined;
  const canStop = run.live && ['validating', 'selecting', 'provisioning', 'monitoring'].includes(run.phase);
  return (
    <>
      <div class="head">
        <div>
          <p class="eyebrow">
            Run{' '}
            <a class="id" href={hrefs.run(run.run_id)}>
              {run.run_id}
            </a>
          </p>
          <h1>{DOING[run.phase] ?? 'A run is at work.'}</h1>
          <p class="lead">
            Started at <Time at={run.started_at} />
            {run.phase === 'monitoring' && left !== undefined && (
              <>
                , {left > 0 ? `${durationWords(left)} left` : 'its time is over'} (until{' '}
                <Time at={run.scheduled_end_at} />)
              </>
            )}
            .
          </p>
        </div>
        {canStop && !told && <StopButton runId={run.run_id} onTold={() => setTold(true)} />}
        {told && canStop && (
          <p class="told" role="status">
            The run has been told to stop.
          </p>
        )}
      </div>
      <Stepper run={run} now={now} />
      <Figures
        of={[
          ['Running for', durationWords(secondsBetween(run.started_at, run.completed_at ?? now))],
          ['Time left', run.phase === 'monitoring' && left !== undefined ? durationWords(left) : '–'],
          ['At work', agents('running')],
          ['Completed', agents('completed')],
          ['Failed', agents('failed')],
          ['Resources made', run.resources_created ?? 0],
        ]}
      />
      <Section id="agents" title={count(run.agents.length, 'agent')}>
        {run.agents.length > 0 ? (
          <Course run={run} now={now} />
        ) : (
          <p class="empty">The agents appear here as soon as the scenarios have been chosen.</p>
        )}
      </Section>
    </>
  );
}

/** The drawing is made anew when something happened, or when now has moved by what an eye can see; 500 lanes are many. */
function Course({ run, now }: { run: RunDetail; now: string }) {
  const lengthMs = Date.parse(run.scheduled_end_at ?? now) - Date.parse(run.started_at);
  const stepMs = Math.max(1_000, lengthMs / VISIBLE_STEPS);
  const moment = Math.floor(Date.parse(now) / stepMs) * stepMs;
  return useMemo(() => <Timeline course={liveCourse(run, new Date(moment).toISOString())} />, [run, moment]);
}

function Idle({ answer: { status, run }, now }: { answer: LiveAnswer; now: string }) {
  const next = status.next_scheduled_run;
  const wait = next ? secondsBetween(now, next) : undefined;
  return (
    <>
      <div class="head">
        <div>
          <p class="eyebrow">Idle</p>
          <h1>Nothing is running.</h1>
          <p class="lead">
            {next && wait !== undefined ? (
              <>
                The next run starts at <Time at={next} />, in {durationWords(wait)}.
              </>
            ) : (
              'No run is scheduled.'
            )}{' '}
            Or <a href={hrefs.scenarios}>choose scenarios</a> and start one now.
          </p>
        </div>
      </div>
      {status.health === 'degraded' && (
        <div class="alert">
          <h3>A run has died.</h3>
          <p>It no longer answers. The janitor removes what it left, within the hour; see Runs.</p>
        </div>
      )}
      {run ? <LastRun run={run} /> : <NoRun />}
      <Recent version={`${run?.run_id} ${run?.status}`} />
    </>
  );
}

/** How the newest run ended, in the words of its report. */
function LastRun({ run }: { run: RunDetail }) {
  const agents = (status: AgentInfo['status']) =>
    run.agents.filter((agent) => agent.status === status).length;
  const status = run.status === 'running' ? 'failed' : run.status;
  const cleanup = run.cleanup_status === 'pending' ? 'unknown' : run.cleanup_status;
  return (
    <section class={`last verdict ${lastTone(run)}`} aria-labelledby="last-title">
      <p class="eyebrow">
        Last run{' '}
        <a class="id" href={hrefs.run(run.run_id)}>
          {run.run_id}
        </a>
      </p>
      <h2 id="last-title">{headline({ status, cleanup: { status: cleanup } })}</h2>
      <p>
        {agents('completed')} of {count(run.agents.length, 'agent')} completed,{' '}
        {count(run.resources_created ?? 0, 'resource')} made; <Time at={run.started_at} withDay />, took{' '}
        {durationWords(secondsBetween(run.started_at, run.completed_at ?? run.started_at))}.{' '}
        <a href={hrefs.run(run.run_id)}>Read its report</a>
      </p>
      <p class="badges">
        <Badge tone={statusTone(run.status)}>{STATUS_NAMES[status]}</Badge>{' '}
        <Badge tone={cleanupTone(cleanup)}>{CLEANUP_NAMES[cleanup]}</Badge>
      </p>
    </section>
  );
}

function lastTone(run: RunDetail): Tone {
  return cleanupTone(run.cleanup_status) === 'bad' ? 'bad' : statusTone(run.status);
}

function NoRun() {
  return (
    <p class="empty">
      There has been no run yet. Wait for the schedule, or start one: choose scenarios, or send POST
      /api/v1/execute.
    </p>
  );
}
