import { BEHAVIOURS, type Behaviour, behaviourOf } from './agentBehaviour.ts';
import { type AgentImage, runAgentProcess } from './agentProcess.ts';
import { type AgentProgress, runAgentScript } from './agentScript.ts';
import type { ContainerContext, ContainerProgram } from './containerAppsExecution.ts';

/** Exit code of a process that SIGKILL ended. */
const KILLED = 137;

/** One line of `GET /control/agents`. */
export interface AgentView extends Readonly<AgentProgress> {
  readonly scenarioId: string;
  /** `real`: the program of the image; everything else is the scripted agent. */
  readonly behaviour: Behaviour | 'real';
  readonly running: boolean;
  readonly exitCode: number | null;
}

export interface Agents {
  /** The program that every container runs. */
  readonly program: ContainerProgram;
  /** Agents in the order of their start. */
  list(): AgentView[];
  /** Fixes the behaviour of scenarios whose agents start from now on; throws when a behaviour is not known. */
  setBehaviours(byScenario: Readonly<Record<string, string>>): void;
}

interface Entry {
  readonly scenarioId: string;
  readonly behaviour: Behaviour | 'real';
  readonly progress: AgentProgress;
  exitCode: number | null;
}

/**
 * The agents of one stand-in. With an image, each runs the image's program. Otherwise, and for scenarios whose behaviour is
 * fixed, it is the scripted agent, which gets its behaviour by the order of its start and the seed, or by its scenario.
 */
export function createAgents(
  seed: string,
  behaviours: Readonly<Record<string, string>> = {},
  image?: AgentImage,
): Agents {
  const entries: Entry[] = [];
  const fixed = new Map<string, Behaviour>();
  const setBehaviours = (byScenario: Readonly<Record<string, string>>) => {
    for (const [scenarioId, name] of Object.entries(byScenario)) fixed.set(scenarioId, toBehaviour(name));
  };
  setBehaviours(behaviours);

  return {
    setBehaviours,
    list: () =>
      entries.map(({ progress, ...entry }) => ({ ...progress, ...entry, running: entry.exitCode === null })),
    async program(context: ContainerContext) {
      const scenarioId = context.env.SCENARIO_ID ?? 'unknown';
      const behaviour = fixed.get(scenarioId) ?? (image ? 'real' : behaviourOf(seed, entries.length));
      const progress: AgentProgress = {
        agentId: context.env.AGENT_ID ?? 'unknown',
        state: 'starting',
        made: [],
        removed: [],
        eventsSent: 0,
        eventsLost: 0,
      };
      const entry: Entry = { scenarioId, behaviour, progress, exitCode: null };
      entries.push(entry);
      context.kill.addEventListener('abort', () => {
        if (entry.exitCode !== null) return;
        entry.exitCode = KILLED;
        progress.state = 'killed';
      });
      const code =
        image && behaviour === 'real'
          ? await runAgentProcess(image, context, progress)
          : await runAgentScript(context, behaviour === 'real' ? 'clean' : behaviour, seed, progress);
      entry.exitCode ??= code;
      return entry.exitCode;
    },
  };
}

function toBehaviour(name: string): Behaviour {
  const known = BEHAVIOURS.find((behaviour) => behaviour === name);
  if (!known)
    throw new RangeError(`"${name}" is no behaviour of an agent; choose one of ${BEHAVIOURS.join(', ')}.`);
  return known;
}
