import { type AzCommand, texts } from './azCommands.ts';
import { eachCommand, type Finding, type LintedScenario } from './lintScenario.ts';

/** What Azure has retired or is about to, and what took its place. `of` limits an entry to some commands. */
const RETIRED: readonly { readonly of?: RegExp; readonly word: RegExp; readonly instead: string }[] = [
  {
    of: /^(vm|vmss) create$/,
    word: /^(UbuntuLTS|CentOS.*|Debian1[01]?|RHEL|OpenSuseLeap423|Ubuntu2004)$/i,
    instead: 'an image by its urn, such as Canonical:ubuntu-24_04-lts:server:latest',
  },
  {
    of: /^(vm|vmss) create$/,
    word: /win(dows)?-?(server)?-?20(08|12|16)|^20(08|12|16)-datacenter/i,
    instead: 'Windows Server 2022 or 2025',
  },
  {
    of: /^(vm|vmss) create$/,
    word: /^Standard_(A\d|D\d+$|D\d+_v2|DS\d+|F\d+s?$|G\d)/,
    instead: 'a size of the B-v2 or D-v5 series',
  },
  { of: /^network (public-ip|lb|cross-region-lb) create$/, word: /^Basic$/, instead: 'the Standard SKU' },
  {
    of: /^network vnet-gateway create$/,
    word: /^(Standard|HighPerformance|VpnGw[1-5])$/,
    instead: 'a SKU of the VpnGw…AZ family',
  },
  {
    of: /^network application-gateway create$/,
    word: /^(Standard|WAF)_(Small|Medium|Large)$/,
    instead: 'Standard_v2 or WAF_v2',
  },
  {
    of: /^(webapp|functionapp|appservice)\b/,
    word: /(node|python|dotnet|dotnetcore|php)[:|]~?(12|14|16|18|3\.[6-9]|5(\.0)?|6(\.0)?|7(\.\d)?|3\.1|8\.0)(-lts)?$/i,
    instead: 'a runtime that is still supported',
  },
  { of: /^storage account create$/, word: /^(Storage|BlobStorage)$/, instead: 'StorageV2' },
  { of: /^storage account create$/, word: /^TLS1_[01]$/, instead: 'TLS1_2' },
  { word: /^Microsoft\.Cdn\/profiles$.*(Verizon|Akamai|_Microsoft)/, instead: 'Azure Front Door Standard' },
  {
    word: /^(k8s\.gcr\.io|kubernetes-ingress-nginx|ingress-nginx$)/,
    instead: "a maintained controller: the community's ingress-nginx ended in March 2026",
  },
];

const RETIRED_COMMANDS: readonly { readonly path: RegExp; readonly instead: string }[] = [
  {
    path: /^(mysql|postgres|mariadb) (server|db|up)\b/,
    instead: 'az … flexible-server: the single servers are gone',
  },
  { path: /^cdn (profile|endpoint|origin|custom-domain)\b/, instead: 'az afd: the classic CDN is gone' },
  {
    path: /^redis\b/,
    instead: 'az redisenterprise: Azure Managed Redis has taken over from Azure Cache for Redis',
  },
  { path: /^network front-door\b/, instead: 'az afd: the classic Front Door is gone' },
  {
    path: /^cognitiveservices account create.*QnAMaker/,
    instead: 'a language resource with question answering',
  },
  { path: /^network vnet-gateway revoked/, instead: 'nothing' },
  {
    path: /^(spring|spring-cloud|hdinsight|batchai|media|iotcentral|managed-cassandra-classic)\b/,
    instead: 'a service that stays',
  },
];

/** No service, SKU or image that Azure has retired or announced to retire soon. */
export function lintRetired(scenario: LintedScenario): Finding[] {
  return eachCommand(scenario, 'retired', (command, { bindings }) => {
    const gone = RETIRED_COMMANDS.find(({ path }) => path.test(command.path));
    if (gone) return `"az ${command.path}" is retired: use ${gone.instead}`;
    return retiredWord(
      command,
      command.words.flatMap((word) => texts(word, bindings)),
    );
  });
}

function retiredWord(command: AzCommand, words: readonly string[]): string | undefined {
  for (const { of, word, instead } of RETIRED) {
    if (of && !of.test(command.path)) continue;
    const found = words.find((text) => word.test(text));
    if (found) return `${found} is retired: use ${instead}`;
  }
  return undefined;
}
