import type { FaultName } from './faultNames.ts';
import type { LiarName } from './liars.ts';

/** When a fault is armed: before the run starts, or when its orchestration has reached the phase. */
export const MOMENTS = ['start', 'provisioning', 'monitoring', 'cleaning'] as const;
export type Moment = (typeof MOMENTS)[number];

export const TERMINATED_IN = ['validating', 'provisioning', 'monitoring', 'cleaning', 'reporting'] as const;
export type TerminatedIn = (typeof TERMINATED_IN)[number];

export const GROUPS = ['fault', 'kill', 'terminate', 'liars'] as const;
export type Group = (typeof GROUPS)[number];

/** One whole run and what is done to it. The id says everything: with the seed it repeats the case. */
export type Case = { readonly id: string } & (
  | {
      readonly group: 'fault';
      /** A glob on "METHOD host/path". */
      readonly call: string;
      readonly fault: FaultName;
      readonly lasting: boolean;
      readonly moment: Moment;
      /** Whether it takes a host that has just started: tokens, tables and containers are asked for once, and never again. */
      readonly cold: boolean;
    }
  | { readonly group: 'kill'; readonly number: number }
  | { readonly group: 'terminate'; readonly phase: TerminatedIn }
  | { readonly group: 'liars'; readonly liar: LiarName }
);

export function faultCase(
  call: string,
  fault: FaultName,
  lasting: boolean,
  moment: Moment,
  cold = true,
): Case {
  const id = `fault ${call} ${fault} ${lasting ? 'lasting' : 'once'} ${moment}`;
  return { id, group: 'fault', call, fault, lasting, moment, cold };
}

export function killCase(number: number): Case {
  return { id: `kill ${number}`, group: 'kill', number };
}

export function terminateCase(phase: TerminatedIn): Case {
  return { id: `terminate ${phase}`, group: 'terminate', phase };
}

export function liarCase(liar: LiarName): Case {
  return { id: `liars ${liar}`, group: 'liars', liar };
}
