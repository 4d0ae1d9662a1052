import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import { azureError, type Reply, type Request } from './core.ts';

const TagsBody = z.object({
  operation: z.enum(['Merge', 'Replace', 'Delete']).default('Replace'),
  properties: z.object({ tags: z.record(z.string(), z.string()).default({}) }),
});

const MOST_TAGS = 50;
const LONGEST_VALUE = 256;

/** The tags of a group or resource on their own: https://learn.microsoft.com/rest/api/resources/tags */
export function handleTags(cloud: Cloud, request: Request, scope: string): Reply {
  const resource = cloud.resources.get(scope);
  if (!resource) return azureError(404, 'ResourceNotFound', `The resource '${scope}' was not found.`);
  if (request.method === 'PATCH' || request.method === 'PUT') {
    const parsed = TagsBody.safeParse(request.json);
    if (!parsed.success) return azureError(400, 'InvalidRequestContent', z.prettifyError(parsed.error));
    const { operation, properties } = parsed.data;
    const tags = combined(resource.tags, properties.tags, request.method === 'PUT' ? 'Replace' : operation);
    const problem = tagsProblem(tags);
    if (problem) return problem;
    resource.tags = tags;
    cloud.resources.put(resource);
  } else if (request.method !== 'GET') {
    return azureError(405, 'MethodNotAllowed', `The stand-in knows no ${request.method} for tags.`);
  }
  const id = `${scope}/providers/Microsoft.Resources/tags/default`;
  const body = { id, name: 'default', type: 'Microsoft.Resources/tags', properties: { tags: resource.tags } };
  return { status: 200, body };
}

function combined(
  before: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  operation: 'Merge' | 'Replace' | 'Delete',
): Record<string, string> {
  switch (operation) {
    case 'Merge':
      return { ...before, ...given };
    case 'Replace':
      return { ...given };
    case 'Delete':
      return Object.fromEntries(Object.entries(before).filter(([name]) => !Object.hasOwn(given, name)));
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
function tagsProblem(tags: Readonly<Record<string, string>>): Reply | undefined {
  if (Object.keys(tags).length > MOST_TAGS) {
    return azureError(400, 'TagCountExceeded', `A resource has at most ${MOST_TAGS} tags.`);
  }
  const long = Object.entries(tags).find(([, value]) => value.length > LONGEST_VALUE);
  return long && azureError(400, 'InvalidTagValueLength', `Tag value too large: '${long[0]}'.`);
}
