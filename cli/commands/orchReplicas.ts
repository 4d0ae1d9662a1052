import type { Command } from 'commander';
import { azureRequests } from '../azure/request.ts';
import { interruptibly, pause } from '../interruption.ts';
import { wholeNumber } from '../options.ts';
import { placeOf, RESOURCE_GROUP, SUBSCRIPTION, tenantOf } from '../orchestrator/place.ts';
import { listReplicas, type Replica } from '../orchestrator/replicas.ts';
import { type Column, renderTable } from '../output/table.ts';
import { instant } from '../output/text.ts';
import type { Register } from '../register.ts';

interface Options {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly runId?: string;
  readonly follow?: boolean;
  readonly interval: number;
}

export function addOrchReplicas(orch: Command, register: Register): void {
  register<Options>(
    orch
      .command('replicas')
      .description('the containers of the agents as Azure sees them (asks Azure, signed in by az login)')
      .option('--run-id <id>', 'of this run only')
      .option('--subscription-id <id>', 'where the jobs are')
      .option('--resource-group <name>', 'where the jobs are')
      .option('-f, --follow', 'look again and again, until Ctrl-C')
      .option('--interval <seconds>', 'with --follow: how often', wholeNumber(1, 3_600), 5),
    async (session, options) => {
      const at = {
        subscriptionId: placeOf(SUBSCRIPTION, options.subscriptionId, session),
        resourceGroup: placeOf(RESOURCE_GROUP, options.resourceGroup, session),
      };
      const azure = azureRequests('https://management.azure.com', tenantOf(session));
      const look = async () => {
        const replicas = await listReplicas(azure, at, options.runId);
        session.out.result(replicas, (screen) =>
          replicas.length === 0 ? 'No containers of agents.' : renderTable(COLUMNS, replicas, screen),
        );
      };
      await look();
      if (!options.follow) return;
      await interruptibly(session, 'Stopped looking.', async (signal) => {
        for (;;) {
          await pause(options.interval * 1_000, signal);
          if (session.out.format === 'table')
            session.out.result(undefined, () => `\n${instant(new Date(session.now()).toISOString())}`);
          await look();
        }
      });
    },
  );
}

const COLUMNS: readonly Column<Replica>[] = [
  { title: 'Job', value: (row) => row.job },
  { title: 'Replica', value: (row) => row.name, min: 14, cut: 'middle', dispensable: 3 },
  { title: 'State', value: (row) => row.running_state },
  { title: 'Exit', value: (row) => row.exit_code, align: 'right' },
  { title: 'Started (UTC)', value: (row) => instant(row.created_at), dispensable: 2 },
  { title: 'Ended (UTC)', value: (row) => instant(row.ended_at), dispensable: 1 },
  { title: 'Reason', value: (row) => row.running_state_details, min: 10, dispensable: 4 },
];
