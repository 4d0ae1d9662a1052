import type { Cloud } from './cloud.ts';
import type { Reply, Request, Service } from './core.ts';

/** A picture or a text with fewer bytes is refused: the services that look at them have a smallest size. */
const SMALLEST_BODY = 16;

/**
 * What resources answer to the world under names of their own: web sites, container apps, AI services. A resource of that
 * name must exist. It says only that it is there; what it would do is not played.
 */
export function createDataPlanes(cloud: Cloud): Service {
  return {
    name: 'data-plane',
    hosts:
      /^[a-z0-9-]+\.(?:cognitiveservices\.azure\.com|openai\.azure\.com|azurewebsites\.net|azurestaticapps\.net|azure-api\.net|eastus\.azurecontainerapps\.io|z01\.azurefd\.net|z13\.web\.core\.windows\.net)$/,
    audiences: [],
    handle(request) {
      return { ...answer(cloud, request), operation: `data-plane/${request.method}` };
    },
  };
}

function answer(cloud: Cloud, request: Request): Reply {
  const [name = ''] = request.host.split('.');
  const exists = cloud.resources.list((resource) => resource.name.toLowerCase() === name).length > 0;
  if (!exists) return { status: 404, body: { error: { code: 'NotFound', message: `There is no ${name}.` } } };
  if (request.method === 'GET' || request.method === 'HEAD') {
    return { status: 200, headers: { 'content-type': 'text/html' }, body: `<h1>${name}</h1>\n` };
  }
  if (request.body.length < SMALLEST_BODY) {
    return { status: 400, body: { error: { code: 'InvalidRequest', message: 'The input is too small.' } } };
  }
  return { status: 200, body: { id: name, status: 'succeeded', results: [] } };
}
