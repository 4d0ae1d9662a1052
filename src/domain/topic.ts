/** Where agents report, and where the app reads it. Apart from the events' schema: the roster names them, and reads no schema. */
export const EVENTS_TOPIC = 'agent-logs';
export const EVENTS_SUBSCRIPTION = 'log-processor';
