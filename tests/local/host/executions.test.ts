import { expect, test } from 'vitest';
import type { RegisteredFunction } from '../../../local/host/core-api.ts';
import { Executions } from '../../../local/host/executions.ts';

const fn = (name: string) => ({ name }) as RegisteredFunction;

test('every invocation counts, also one that fails, and its outcome is not touched', async () => {
  const executions = new Executions();
  const invoke = executions.counting(async ({ name }) => {
    if (name === 'fails') throw new Error('unlucky');
    return { returnValue: { string: name } } as never;
  });
  expect(await invoke(fn('works'), { data: {} })).toEqual({ returnValue: { string: 'works' } });
  await invoke(fn('works'), { data: {} });
  await expect(invoke(fn('fails'), { data: {} })).rejects.toThrow('unlucky');
  expect(executions.byFunction()).toMatchObject({ works: { count: 2 }, fails: { count: 1 } });
});
