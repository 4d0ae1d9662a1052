import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AzureRequest } from '../../../cli/azure/request.ts';
import { appLogs, LOGS_API } from '../../../cli/orchestrator/appLogs.ts';
import { createLogAnalytics, WORKSPACE_ID } from '../../../local/azure/logAnalytics.ts';
import { WORLD } from '../../../local/world.ts';
import { credentialFor } from './client.ts';
import { openStage, type Stage } from './stage.ts';

const LOG = [
  'Functions:',
  '2026-11-21T06:00:00.000Z information haymaker_timer: started run-20261121T0600Z',
  '2026-11-21T06:00:01.000Z warning api_status: slow: 3 s',
  '2026-11-21T06:00:02.000Z error ingest_agent_events: cannot read it',
  '    at somewhere',
].join('\n');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(() => [createLogAnalytics(() => LOG)]);
});
afterAll(() => stage.close());

/** As the command asks, signed in with a real token for `audience`. */
function asking(audience: string): AzureRequest {
  return async (method, url, answer, body) => {
    const { token } = await credentialFor(stage.cloud, WORLD.app).getToken(`${audience}/.default`);
    const headers = createHttpHeaders({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    });
    const request = createPipelineRequest({ method, url, headers, body: JSON.stringify(body) });
    const pipeline = createPipelineFromOptions(stage.clientOptions);
    const response = await pipeline.sendRequest(createDefaultHttpClient(), request);
    if (response.status !== 200) throw new Error(`${response.status} ${response.bodyAsText}`);
    return answer.parse(JSON.parse(response.bodyAsText ?? ''));
  };
}
const wanted = { tail: 2, since: '2026-11-21T05:00:00.000Z' };

describe('Log Analytics, asked as haymaker orch logs asks', () => {
  test('the last lines, the oldest first, with their levels', async () => {
    expect(await appLogs(asking(LOGS_API), WORKSPACE_ID, wanted)).toEqual([
      {
        timestamp: '2026-11-21T06:00:01.000Z',
        level: 'WARNING',
        message: 'slow: 3 s',
        function: 'api_status',
      },
      {
        timestamp: '2026-11-21T06:00:02.000Z',
        level: 'ERROR',
        message: 'cannot read it',
        function: 'ingest_agent_events',
      },
    ]);
  });

  test('only what is newer', async () => {
    const since = '2026-11-21T06:00:01.000Z';
    expect(await appLogs(asking(LOGS_API), WORKSPACE_ID, { tail: 9, since })).toHaveLength(1);
  });

  test('another workspace, and a token for another audience, are refused', async () => {
    await expect(appLogs(asking(LOGS_API), 'none', wanted)).rejects.toThrow('WorkspaceNotFoundError');
    await expect(appLogs(asking('https://management.azure.com'), WORKSPACE_ID, wanted)).rejects.toThrow(
      '401',
    );
  });
});
