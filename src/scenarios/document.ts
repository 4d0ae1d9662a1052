/** One `###` section of a scenario: a title and the bash that does it. */
export interface ScenarioStep {
  readonly title: string;
  readonly script: string;
  /** The line of the file on which the script begins, counted from 1. */
  readonly line: number;
  /** How often the step is repeated while the run lasts; only steps of the phase "operate" have it. */
  readonly everySeconds?: number;
}

/** What the agent does, in this order. Every list has at least one step. */
export interface ScenarioPhases {
  readonly deploy: readonly ScenarioStep[];
  readonly operate: readonly ScenarioStep[];
  readonly cleanUp: readonly ScenarioStep[];
}

export const PHASE_HEADINGS: readonly { readonly key: keyof ScenarioPhases; readonly heading: string }[] = [
  { key: 'deploy', heading: 'Phase 1: Deploy and validate' },
  { key: 'operate', heading: 'Phase 2: Operate' },
  { key: 'cleanUp', heading: 'Phase 3: Clean up' },
];

/** The environment that the agent gives to every step; scenarios/README.md explains each to authors. */
export const GIVEN_VARIABLES: ReadonlySet<string> = new Set([
  'RESOURCE_GROUP',
  'LOCATION',
  'RUN_ID',
  'AGENT_ID',
  'SCENARIO_ID',
  'NAME_PREFIX',
  'TAGS',
  'SUBSCRIPTION_ID',
  'AZURE_SUBSCRIPTION_ID',
  'AZURE_TENANT_ID',
]);

/** What bash itself provides, even with an empty environment. */
export const SHELL_VARIABLES: ReadonlySet<string> = new Set([
  'BASH_REMATCH',
  'EPOCHSECONDS',
  'HOME',
  'IFS',
  'LINENO',
  'PATH',
  'PIPESTATUS',
  'PWD',
  'RANDOM',
  'REPLY',
  'SECONDS',
  'UID',
]);

/** Something wrong with a document: the line of the file, counted from 1, and what to do about it. */
export interface Fault {
  readonly line: number;
  readonly reason: string;
}
