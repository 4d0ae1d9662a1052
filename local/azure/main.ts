import { parseArgs } from 'node:util';
import { startStandIn } from './standin.ts';

/**
 * `node local/azure/main.ts --work <folder> [--azurite-blob-port n --azurite-queue-port n --azurite-table-port n]
 * [--seed text] [--agents real [--real-az]] [--host-log file]`: plays Azure until SIGTERM or SIGINT; prints its addresses as one JSON
 * line when it is up.
 */
const { values } = parseArgs({
  options: {
    work: { type: 'string' },
    'azurite-blob-port': { type: 'string' },
    'azurite-queue-port': { type: 'string' },
    'azurite-table-port': { type: 'string' },
    seed: { type: 'string' },
    agents: { type: 'string' },
    'real-az': { type: 'boolean' },
    'host-log': { type: 'string' },
  },
});
if (!values.work) {
  console.error('--work is missing: name a folder for certificates, such as --work .haymaker/azure');
  process.exit(2);
}

const [blob, queue, table] = (['blob', 'queue', 'table'] as const).map((kind) =>
  Number(values[`azurite-${kind}-port`] ?? 0),
);
const standIn = await startStandIn({
  workDir: values.work,
  ...(blob && queue && table ? { azurite: { blob, queue, table } } : {}),
  ...(values.seed ? { seed: values.seed } : {}),
  ...(values.agents === 'real' ? { agents: values.agents } : {}),
  ...(values['real-az'] ? { realAz: true } : {}),
  ...(values['host-log'] ? { hostLog: values['host-log'] } : {}),
});
console.log(JSON.stringify(standIn.addresses));

const stop = () => {
  standIn.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error('The stand-in did not stop cleanly:', error);
      process.exit(1);
    },
  );
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
