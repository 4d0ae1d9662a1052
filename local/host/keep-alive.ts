import { createRequire } from 'node:module';

/**
 * Lets the app's HTTP clients keep their connections. In Azure they do: Node's own agent keeps them. Here a proxy leads to
 * the stand-in, and the agent that the Azure SDKs use for a proxy (https-proxy-agent) opens a connection with a TLS
 * handshake of its own for every request, which was most of what a run cost on this machine. Must come before the app.
 */
export function keepProxiedConnections(): void {
  // The CommonJS module object: what the bundled app sees when it extends http.Agent.
  const http: { Agent: typeof import('node:http').Agent } = createRequire(import.meta.url)('node:http');
  const Original = http.Agent;
  http.Agent = class Agent extends Original {
    /** What https-proxy-agent otherwise reads off the call stack, and then finds no connection under its name again. */
    isSecureEndpoint?: () => boolean;

    constructor(options?: ConstructorParameters<typeof Original>[0]) {
      super({ keepAlive: true, ...options });
      if (new.target.name === 'HttpsProxyAgent') this.isSecureEndpoint = () => true;
      else delete this.isSecureEndpoint;
    }
  };
}
