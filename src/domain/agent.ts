/** The life of an agent. `lost`: its execution is gone or silent for too long; `removed`: undone during provisioning. */
export type AgentState = 'provisioning' | 'running' | 'completed' | 'failed' | 'lost' | 'removed';

/** One row of the table Agents. */
export interface AgentRecord {
  readonly runId: string;
  readonly agentId: string;
  readonly scenarioId: string;
  readonly title: string;
  readonly area: string;
  readonly state: AgentState;
  readonly executionName?: string;
  readonly provisionedAt?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly lastHeardAt?: string;
  readonly lastMessage?: string;
  /** The agent itself said that it is done; its execution decides whether that is true. */
  readonly announcedEndAt?: string;
  readonly operations?: number;
  readonly error?: string;
}

/** Final states: nothing more will happen to the agent. */
export function hasEnded(state: AgentState): boolean {
  switch (state) {
    case 'completed':
    case 'failed':
    case 'lost':
    case 'removed':
      return true;
    case 'provisioning':
    case 'running':
      return false;
  }
}

/** What the haymaker CLI 0.1.0 tells apart. */
export type FoldedState = 'running' | 'completed' | 'failed';

export function foldState(state: AgentState): FoldedState {
  switch (state) {
    case 'provisioning':
    case 'running':
      return 'running';
    case 'completed':
      return 'completed';
    case 'failed':
    case 'lost':
    case 'removed':
      return 'failed';
  }
}
