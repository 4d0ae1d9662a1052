import { setTimeout as delay } from 'node:timers/promises';
import { type Behaviour, type Chance, chanceOf } from './agentBehaviour.ts';
import { type PlannedResource, planResources } from './agentBlueprints.ts';
import { type AgentCloud, AzureRefusal, connectCloud } from './agentCloud.ts';
import { type AgentMessage, type EventStream, openEvents } from './agentEvents.ts';
import { createHttp } from './agentHttp.ts';
import { type AgentSettings, agentSettings } from './agentSettings.ts';
import type { ContainerContext } from './containerAppsExecution.ts';

/** What can be seen of an agent from outside. */
export interface AgentProgress {
  agentId: string;
  state: string;
  readonly made: string[];
  readonly removed: string[];
  eventsSent: number;
  eventsLost: number;
}

/** Exit codes of a process that fails, and of one that SIGTERM ends. */
const FAILED = 1;
const TERMINATED = 143;

const OPERATION_MIN_MS = 2_000;
const OPERATION_MAX_MS = 60_000;
/** An agent stops working this share of its time before the end, to clean up in time. */
const CLOSING_SHARE = 0.2;
const CLOSING_MAX_MS = 60_000;

const OPERATIONS = [
  'Checked the health of the deployment',
  'Read the metrics of the last minutes',
  'Rotated a configuration value',
  'Generated a little traffic',
  'Reviewed the activity log',
  'Scaled up and down again',
];

/**
 * A scripted agent: deploys, operates and ends as its behaviour says. Knows nothing but its environment and talks to
 * Azure by its real protocols only. Returns the exit code; ends at once when it is killed.
 */
export async function runAgentScript(
  context: ContainerContext,
  behaviour: Behaviour,
  seed: string,
  progress: AgentProgress,
): Promise<number> {
  const settings = agentSettings(context.env);
  progress.agentId = settings.agentId;
  if (behaviour === 'quiet') return untilEnded(context, progress);
  const http = createHttp(settings, context.kill);
  const events = openEvents(settings, http);
  try {
    const agent = new ScriptedAgent(
      settings,
      context,
      behaviour,
      chanceOf(`${seed}/${settings.agentId}`),
      progress,
    );
    return await agent.run(connectCloud(settings, http, context.kill), events);
  } catch (error) {
    if (context.kill.aborted) return FAILED;
    progress.state = `failed: ${error instanceof Error ? error.message : String(error)}`;
    return FAILED;
  } finally {
    await events.close();
  }
}

async function untilEnded({ terminate, kill }: ContainerContext, progress: AgentProgress): Promise<number> {
  progress.state = 'quiet';
  const end = AbortSignal.any([terminate, kill]);
  if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
  return TERMINATED;
}

class ScriptedAgent {
  private readonly settings: AgentSettings;
  private readonly context: ContainerContext;
  private readonly behaviour: Behaviour;
  private readonly chance: Chance;
  private readonly progress: AgentProgress;
  private readonly startedAt = Date.now();
  private readonly made: PlannedResource[] = [];
  private readonly heedsSigterm: boolean;
  /** Ends a rest: SIGKILL, and SIGTERM when it is heeded. */
  private readonly wake: AbortSignal;
  private operations = 0;
  private lastHeartbeat = 0;

  constructor(
    settings: AgentSettings,
    context: ContainerContext,
    behaviour: Behaviour,
    chance: Chance,
    progress: AgentProgress,
  ) {
    this.settings = settings;
    this.context = context;
    this.behaviour = behaviour;
    this.chance = chance;
    this.progress = progress;
    this.heedsSigterm = !['hangs', 'deaf', 'late'].includes(behaviour);
    this.wake = this.heedsSigterm ? AbortSignal.any([context.kill, context.terminate]) : context.kill;
  }

  async run(cloud: AgentCloud, events: EventStream): Promise<number> {
    const say = (message: AgentMessage) => this.say(events, message);
    this.enter('deploying');
    await say({ event_type: 'agent_started', message: `Scenario ${this.settings.scenarioId} starts.` });
    await this.deploy(cloud, say);
    this.enter('operating');
    if (this.behaviour === 'outside' || this.chance() < 0.4) await this.reachOutside(cloud, say);
    if (this.behaviour === 'outside') await this.makeOutside(cloud, say);
    const ended = await this.operate(cloud, say);
    if (ended !== undefined) return ended;
    return this.finish(cloud, say);
  }

  private async deploy(cloud: AgentCloud, say: Say): Promise<void> {
    const settings = this.behaviour === 'untagged' ? { ...this.settings, tags: {} } : this.settings;
    for (const resource of planResources(settings, this.chance)) {
      if (this.mustStop()) return;
      await this.beat(say);
      if (
        !(await this.attempt(say, resource, () => cloud.put(resource.id, resource.apiVersion, resource.body)))
      )
        continue;
      this.made.push(resource);
      this.progress.made.push(resource.id);
      await say({
        event_type: 'resource_created',
        message: `Made ${nameOf(resource.id)}.`,
        resource_id: resource.id,
        resource_type: resource.type,
      });
    }
  }

  /** Tries what an agent may not do; a cloud that lets it would be a finding. */
  private async reachOutside(cloud: AgentCloud, say: Say): Promise<void> {
    const target = `/subscriptions/${this.settings.subscriptionId}/resourceGroups/${this.settings.group}-other`;
    try {
      await cloud.get(target, '2025-04-01');
      await say({
        event_type: 'error',
        severity: 'error',
        message: `Could read ${target}, which is none of this agent's business.`,
      });
    } catch (error) {
      if (!(error instanceof AzureRefusal)) throw error;
      await say({
        event_type: 'operation',
        severity: 'warning',
        message: `Not allowed outside the group: ${error.code}.`,
      });
    }
  }

  /** Tries to make a group of its own, and something in another's. */
  private async makeOutside(cloud: AgentCloud, say: Say): Promise<void> {
    const { subscriptionId, group } = this.settings;
    const groups = `/subscriptions/${subscriptionId}/resourceGroups`;
    const [resource] = planResources({ ...this.settings, group: `${group}-other` }, this.chance);
    const other: PlannedResource = {
      id: `${groups}/${group}-other`,
      type: 'Microsoft.Resources/resourceGroups',
      apiVersion: '2025-04-01',
      body: { location: this.settings.location },
    };
    for (const target of [other, ...(resource ? [resource] : [])]) {
      await this.attempt(say, target, () => cloud.put(target.id, target.apiVersion, target.body));
    }
  }

  /** Works until the end; an exit code when the behaviour, or a signal, ends the agent before. */
  private async operate(cloud: AgentCloud, say: Say): Promise<number | undefined> {
    const halfway = (this.startedAt + this.settings.endsAt) / 2;
    const closing = Math.min((this.settings.endsAt - this.startedAt) * CLOSING_SHARE, CLOSING_MAX_MS);
    const until =
      this.behaviour === 'deaf' || this.behaviour === 'late'
        ? Number.POSITIVE_INFINITY
        : this.settings.endsAt - closing;
    while (Date.now() < until) {
      if (this.behaviour === 'crashes' && Date.now() >= halfway) {
        this.enter('crashed');
        return FAILED;
      }
      if (this.mustStop()) return this.behaviour === 'clean' ? undefined : TERMINATED;
      await this.beat(say);
      await this.operateOnce(cloud, say);
      await this.pause();
    }
    return undefined;
  }

  private async operateOnce(cloud: AgentCloud, say: Say): Promise<void> {
    const resource = this.made[Math.floor(this.chance() * this.made.length)];
    if (resource && this.behaviour === 'deaf' && Date.now() > this.settings.endsAt) {
      // Past its end it puts things back that others are removing: what a clean-up has to win against.
      await this.attempt(say, resource, () => cloud.put(resource.id, resource.apiVersion, resource.body));
    }
    const [first] = this.made;
    if (first && this.behaviour === 'late' && Date.now() > this.settings.endsAt) {
      const late = { ...first, id: `${first.id}${this.operations}` };
      await this.attempt(say, late, () => cloud.put(late.id, late.apiVersion, late.body));
    }
    const what = OPERATIONS[Math.floor(this.chance() * OPERATIONS.length)] ?? 'Looked around';
    if (resource && !(await this.attempt(say, resource, () => cloud.get(resource.id, resource.apiVersion))))
      return;
    this.operations++;
    await say({
      event_type: 'operation',
      message: resource ? `${what}: ${nameOf(resource.id)}.` : `${what}.`,
      ...(resource ? { resource_id: resource.id, resource_type: resource.type } : {}),
    });
  }

  private async finish(cloud: AgentCloud, say: Say): Promise<number> {
    switch (this.behaviour) {
      case 'clean':
      case 'outside':
        this.enter('cleaning up');
        await this.removeAll(cloud, say, this.made.length);
        await say({
          event_type: 'cleanup_complete',
          message: `Removed ${this.progress.removed.length} resources.`,
        });
        break;
      case 'leaves':
        this.enter('cleaning up');
        await this.removeAll(cloud, say, Math.floor(this.made.length / 3));
        break;
      case 'untagged':
        break;
      case 'hangs':
        this.enter('hanging');
        await untilAborted(this.context.kill);
        return FAILED;
      case 'crashes':
      case 'deaf':
      case 'late':
        return FAILED;
    }
    this.enter('completed');
    await say({
      event_type: 'agent_completed',
      message: `Scenario ${this.settings.scenarioId} is done after ${this.operations} operations.`,
      details: { operations: this.operations, made: this.made.length, removed: this.progress.removed.length },
    });
    return 0;
  }

  /** Removes the youngest resources first, so that children go before their parents. */
  private async removeAll(cloud: AgentCloud, say: Say, count: number): Promise<void> {
    for (const resource of this.made.toReversed().slice(0, count)) {
      await this.beat(say);
      if (!(await this.attempt(say, resource, () => cloud.remove(resource.id, resource.apiVersion))))
        continue;
      this.progress.removed.push(resource.id);
      await say({
        event_type: 'resource_deleted',
        message: `Removed ${nameOf(resource.id)}.`,
        resource_id: resource.id,
        resource_type: resource.type,
      });
    }
  }

  /** Does something to a resource; a refusal is reported, and false. */
  private async attempt(
    say: Say,
    resource: PlannedResource,
    action: () => Promise<unknown>,
  ): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof AzureRefusal)) throw error;
      await say({
        event_type: 'error',
        severity: 'error',
        message: `${nameOf(resource.id)}: ${error.message}`,
        resource_id: resource.id,
        resource_type: resource.type,
      });
      return false;
    }
  }

  private async beat(say: Say): Promise<void> {
    if (Date.now() - this.lastHeartbeat < this.settings.heartbeatMs) return;
    this.lastHeartbeat = Date.now();
    await say({
      event_type: 'heartbeat',
      message: `Alive after ${this.operations} operations.`,
      details: { operations: this.operations },
    });
  }

  /** Whether a SIGTERM has come that is heeded. */
  private mustStop(): boolean {
    return this.heedsSigterm && this.context.terminate.aborted;
  }

  /** A rest between operations. */
  private async pause(): Promise<void> {
    const interval = Math.min(Math.max(this.settings.heartbeatMs / 3, OPERATION_MIN_MS), OPERATION_MAX_MS);
    try {
      await delay(interval * (0.75 + this.chance() / 2), undefined, { signal: this.wake });
    } catch (error) {
      if (!this.wake.aborted) throw error;
    }
    this.context.kill.throwIfAborted();
  }

  /** Says something; an agent that cannot be heard goes on working. */
  private async say(events: EventStream, message: AgentMessage): Promise<void> {
    this.context.kill.throwIfAborted();
    try {
      await events.post(message);
      this.progress.eventsSent++;
    } catch (error) {
      this.progress.eventsLost++;
      if (this.context.kill.aborted) throw error;
    }
  }

  private enter(state: string): void {
    this.progress.state = state;
  }
}

type Say = (message: AgentMessage) => Promise<void>;

function nameOf(id: string): string {
  return id.split('/').slice(-2).join('/');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
