import { expect, test } from 'vitest';
import { parseArmPath } from '../../../local/azure/armPath.ts';

const GROUP = '/subscriptions/s/resourceGroups/g';
const JOB = `${GROUP}/providers/Microsoft.App/jobs/j`;

test.each([
  ['GET', '/subscriptions/s', 'Microsoft.Resources/subscriptions/read', '/subscriptions/s'],
  [
    'GET',
    '/subscriptions/s/resources',
    'Microsoft.Resources/subscriptions/resources/read',
    '/subscriptions/s',
  ],
  ['PUT', GROUP, 'Microsoft.Resources/subscriptions/resourceGroups/write', GROUP],
  ['DELETE', GROUP, 'Microsoft.Resources/subscriptions/resourceGroups/delete', GROUP],
  ['GET', `${GROUP}/resources`, 'Microsoft.Resources/subscriptions/resourceGroups/resources/read', GROUP],
  ['GET', `${GROUP}/providers/Microsoft.App/jobs`, 'Microsoft.App/jobs/read', GROUP],
  ['HEAD', JOB, 'Microsoft.App/jobs/read', JOB],
  ['PATCH', JOB, 'Microsoft.App/jobs/write', JOB],
  ['POST', `${JOB}/start`, 'Microsoft.App/jobs/start/action', JOB],
  ['GET', `${JOB}/executions`, 'Microsoft.App/jobs/executions/read', JOB],
  ['PUT', `${JOB}/providers/Microsoft.Authorization/locks/l`, 'Microsoft.Authorization/locks/write', JOB],
  [
    'DELETE',
    `${GROUP}/providers/Microsoft.Authorization/roleAssignments/r`,
    'Microsoft.Authorization/roleAssignments/delete',
    GROUP,
  ],
  [
    'GET',
    '/subscriptions/s/providers/Microsoft.App',
    'Microsoft.Resources/subscriptions/providers/read',
    '/subscriptions/s',
  ],
])('%s %s needs %s over %s', (method, path, action, scope) => {
  expect(parseArmPath(method, path)).toMatchObject({ action, scope });
});
