import { describe, expect, it } from 'vitest';
import { Budget } from '../../agent/repair/budget.ts';

describe('the budget of repairs', () => {
  it('affords no more questions, and no dearer ones, than its limits', async () => {
    const budget = new Budget({ usd: 0.1, questions: 2 });
    expect(budget.affords(0.1)).toBe(true);
    expect(budget.affords(0.11)).toBe(false);
    await budget.spend(0.04);
    expect(budget.affords(0.07)).toBe(false);
    await budget.spend(0);
    expect(budget.affords(0)).toBe(false);
  });

  it('outlives a restart: what was spent is kept after every question, and counts again', async () => {
    const first = new Budget({ usd: 0.1, questions: 5 });
    let kept = first.spending;
    first.onSpent = async () => {
      kept = first.spending;
    };
    await first.spend(0.06);
    const second = new Budget({ usd: 0.1, questions: 5 });
    second.resume(kept);
    expect(second.spending).toEqual({ questions: 1, usd: 0.06 });
    expect(second.affords(0.05)).toBe(false);
  });
});
