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

/** What one agent has spent on repairs. */
export interface Spending {
  readonly questions: number;
  readonly usd: number;
}

/** What one agent may spend on repairs in one run, however often it is restarted: what it has spent is in its checkpoint. */
export class Budget {
  /** Told after every question, and waited for: the place to keep what has been spent. */
  onSpent: () => Promise<void> = async () => {};
  private spent: Spending = { questions: 0, usd: 0 };
  private readonly limits: BudgetLimits;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  get spending(): Spending {
    return this.spent;
  }

  /** Goes on with what was spent before a restart. */
  resume(spent: Spending): void {
    this.spent = spent;
  }

  /** Whether one more question, at its dearest, is affordable. */
  affords(worstUsd: number): boolean {
    return this.spent.questions < this.limits.questions && this.spent.usd + worstUsd <= this.limits.usd;
  }

  async spend(usd: number): Promise<void> {
    this.spent = { questions: this.spent.questions + 1, usd: this.spent.usd + usd };
    await this.onSpent();
  }
}
