import type { Cloud } from './cloud.ts';
import type { Request, Service } from './core.ts';

/** How long the stand-in takes for this answer, in milliseconds. A refusal for being too fast comes as late as any other. */
export function latencyOf({ latencies }: Cloud, service: Service, { method, path }: Request): number {
  const reads = method === 'GET' || method === 'HEAD';
  switch (service.name) {
    case 'arm':
      if (/^\/providers\/Microsoft\.ResourceGraph\//i.test(path)) return latencies.resourceGraph;
      if (reads) return latencies.armRead;
      return method === 'DELETE' ? latencies.armDelete : latencies.armWrite;
    case 'graph':
      return reads ? latencies.graphRead : latencies.graphWrite;
    case 'key-vault':
      return latencies.keyVault;
    default:
      return 0;
  }
}
