import { rest } from './cloud.ts';
import type { Command } from './commands.ts';

/**
 * `az rest`. Of `az ad` there is nothing here: only scenarios use it that need rights in Entra ID, and no agent performs
 * those (scenarios/README.md).
 */
export const REST_COMMANDS: Readonly<Record<string, Command>> = {
  rest: async (invocation) => {
    const body = invocation.value('body');
    return rest(
      (invocation.value('method') ?? 'get').toUpperCase(),
      invocation.need('url', 'uri'),
      body === undefined ? undefined : JSON.parse(body),
    );
  },
};
