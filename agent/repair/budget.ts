/** USD for a million tokens, as published on https://platform.claude.com/docs/about-claude/pricing, 2026-11-21. */
const PRICES: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'claude-sonnet-5-5': { input: 2, output: 10 },
  'claude-sonnet-5': { input: 2, output: 10 },
  'claude-haiku-5-5': { input: 0.1, output: 0.5 },
  'claude-haiku-4-5': { input: 1, output: 5 },
  'claude-opus-5': { input: 5, output: 25 },
  'claude-fable-5-1': { input: 10, output: 50 },
};
/** A model that is not in the table is taken for the dearest, so that a new one cannot overspend. */
const UNKNOWN = { input: 10, output: 50 };

export interface Tokens {
  readonly input: number;
  readonly output: number;
}

export function costUsd(model: string, { input, output }: Tokens): number {
  const price = PRICES[model] ?? UNKNOWN;
  return (input * price.input + output * price.output) / 1_000_000;
}

export interface BudgetLimits {
  readonly usd: number;
  readonly questions: number;
}

/** What one agent may spend on repairs in one run. A restarted agent begins with a new budget. */
export class Budget {
  spentUsd = 0;
  questions = 0;
  private readonly limits: BudgetLimits;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  /** Whether one more question, at its dearest, is affordable. */
  affords(worstUsd: number): boolean {
    return this.questions < this.limits.questions && this.spentUsd + worstUsd <= this.limits.usd;
  }

  spend(usd: number): void {
    this.questions += 1;
    this.spentUsd += usd;
  }
}
