import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintScenarios, type Rule } from '../../src/scenarios/lint.ts';
import { lineOf } from './document.ts';

const DIRECTORY = join(import.meta.dirname, '../../scenarios');
const read = (file: string) => readFileSync(join(DIRECTORY, file), 'utf8');
const SERVER = 'compute-01-linux-vm-web-server.md';
const VAULT = 'security-01-key-vault-secrets.md';
const IDENTITY = 'identity-04-app-registrations.md';
const ARC = 'hybrid-01-azure-arc.md';
const RIGHTS = 'identity-02-rbac-assignments.md';

/** One change that makes a good scenario bad; `at` is on the line that must be named. */
interface Spoiled {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly rule: Rule;
  readonly message: RegExp;
  readonly at?: string;
}

const VM = '--custom-data cloud-init.yaml --tags $TAGS';
const SPOILED: readonly Spoiled[] = [
  {
    name: 'front matter',
    file: SERVER,
    from: 'area: Compute',
    to: 'area: Computers',
    rule: 'document',
    message: /"area"/,
  },
  {
    name: 'a variable nobody gives',
    file: SERVER,
    from: VM,
    to: '--tags $TAG',
    rule: 'document',
    message: /\$TAG /,
  },
  {
    name: 'no tags',
    file: SERVER,
    from: '--custom-data cloud-init.yaml --tags $TAGS',
    to: '--custom-data cloud-init.yaml',
    rule: 'tags',
    message: /vm create.*--tags/,
  },
  {
    name: 'tags in quotes',
    file: SERVER,
    from: VM,
    to: '--custom-data cloud-init.yaml --tags "$TAGS"',
    rule: 'tags',
    message: /without quotes/,
  },
  {
    name: 'tags of its own',
    file: SERVER,
    from: VM,
    to: '--custom-data cloud-init.yaml --tags owner=me',
    rule: 'tags',
    message: /--tags/,
  },
  {
    name: 'a generic resource without tags',
    file: ARC,
    from: '"tags": { $pairs }, "properties": { "publicNetwork',
    to: '"properties": { "publicNetwork',
    rule: 'tags',
    message: /no "tags"/,
  },
  {
    name: 'a creation that the linter does not know',
    file: SERVER,
    from: 'az disk create',
    to: 'az disk-access create',
    rule: 'tags',
    message: /not known to the linter/,
  },
  {
    name: 'a name without the prefix',
    file: SERVER,
    from: '--name "$NAME_PREFIX-vmweb-nsg" --tags',
    to: '--name "web-nsg" --tags',
    rule: 'names',
    message: /web-nsg must begin/,
  },
  {
    name: 'another group',
    file: SERVER,
    from: 'az vm restart --resource-group "$RESOURCE_GROUP"',
    to: 'az vm restart --resource-group "production"',
    rule: 'group',
    message: /--resource-group must be/,
  },
  {
    name: 'another group, by the short flag',
    file: SERVER,
    from: 'az vm restart --resource-group "$RESOURCE_GROUP"',
    to: 'az vm restart -g "$RESOURCE_GROUP-2"',
    rule: 'group',
    message: /-g must be/,
  },
  {
    name: 'an id elsewhere',
    file: SERVER,
    from: '--resource "$server"',
    to: '--resource "/subscriptions/$SUBSCRIPTION_ID/resourceGroups/other"',
    rule: 'group',
    message: /outside the group/,
  },
  {
    name: 'the group itself',
    file: SERVER,
    from: 'az vm restart --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb"',
    to: 'az group delete --resource-group "$RESOURCE_GROUP" --yes',
    rule: 'group',
    message: /not the agent's to do/,
  },
  {
    name: 'another account',
    file: SERVER,
    from: 'az vm restart --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb"',
    to: 'az account set --name other',
    rule: 'group',
    message: /not the agent's/,
  },
  {
    name: 'a call to elsewhere',
    file: IDENTITY,
    from: 'https://graph.microsoft.com/v1.0/directory/deletedItems/$app',
    to: 'https://example.com/$app',
    rule: 'group',
    message: /az rest calls/,
  },
  {
    name: 'a server that stays',
    file: SERVER,
    from: 'az vm delete',
    to: 'az vm show',
    rule: 'clean-up',
    message: /vmweb is never deleted/,
    at: 'az vm create',
  },
  {
    name: 'a disk that stays',
    file: SERVER,
    from: 'az disk delete',
    to: 'az disk show',
    rule: 'clean-up',
    message: /vmweb-data is never deleted/,
    at: 'az disk create',
  },
  {
    name: 'another name deleted than made',
    file: SERVER,
    from: 'az snapshot delete --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb-snapshot"',
    to: 'az snapshot delete --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb-snap"',
    rule: 'clean-up',
    message: /vmweb-snapshot is never deleted/,
    at: 'az snapshot create',
  },
  {
    name: 'a system disk that stays',
    file: SERVER,
    from: '--os-disk-delete-option Delete',
    to: '',
    rule: 'clean-up',
    message: /system disk would stay/,
    at: 'az vm create',
  },
  {
    name: 'a generic resource that stays',
    file: ARC,
    from: 'az resource delete --resource-group "$RESOURCE_GROUP" --resource-type Microsoft.HybridCompute/privateLinkScopes',
    to: 'az resource show --resource-group "$RESOURCE_GROUP" --resource-type Microsoft.HybridCompute/privateLinkScopes',
    rule: 'clean-up',
    message: /arc-scope is never deleted/,
    at: 'az resource create --resource-group "$RESOURCE_GROUP" --resource-type Microsoft.HybridCompute',
  },
  {
    name: 'a password in the open',
    file: VAULT,
    from: '--file "$partner.secret"',
    to: '--value "$partner"',
    rule: 'secrets',
    message: /--value carries a secret/,
  },
  {
    name: 'a password as a flag',
    file: SERVER,
    from: '--admin-username gardener',
    to: '--admin-username gardener --admin-password "$SECONDS"',
    rule: 'secrets',
    message: /--admin-password carries/,
  },
  {
    name: 'keys that are printed',
    file: SERVER,
    from: 'az vm list-ip-addresses --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb" --output table',
    to: 'az storage account keys list --resource-group "$RESOURCE_GROUP" --account-name x',
    rule: 'secrets',
    message: /prints a secret/,
  },
  {
    name: 'a secret on the command line of another program',
    file: SERVER,
    from: '--query id --output tsv)',
    to: '--query id --output tsv)\npassword=x\ncurl -H "Authorization: $password" https://example.com',
    rule: 'secrets',
    message: /\$password is on the command line of curl/,
  },
  {
    name: 'a question that nobody answers',
    file: SERVER,
    from: '--name "$NAME_PREFIX-vmweb-data" --yes',
    to: '--name "$NAME_PREFIX-vmweb-data"',
    rule: 'prompts',
    message: /asks before it acts/,
    at: 'az disk delete',
  },
  {
    name: 'an image that is gone',
    file: SERVER,
    from: 'Canonical:ubuntu-24_04-lts:server:latest',
    to: 'UbuntuLTS',
    rule: 'retired',
    message: /UbuntuLTS is retired/,
    at: 'az vm create',
  },
  {
    name: 'a SKU that is gone',
    file: SERVER,
    from: '--sku Standard --allocation-method',
    to: '--sku Basic --allocation-method',
    rule: 'retired',
    message: /Basic is retired/,
  },
  {
    name: 'a service that is gone',
    file: SERVER,
    from: 'az vm list-ip-addresses --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vmweb"',
    to: 'az redis list --resource-group "$RESOURCE_GROUP"',
    rule: 'retired',
    message: /az redis list.*Managed Redis/,
  },
  {
    name: 'rights that are not declared',
    file: IDENTITY,
    from: 'requires: [entra]',
    to: 'requires: []',
    rule: 'rights',
    message: /needs requires: \[entra\]/,
  },
  {
    name: 'rights that nobody uses',
    file: SERVER,
    from: 'requires: []',
    to: 'requires: [entra]',
    rule: 'rights',
    message: /no command needs it/,
  },
  {
    name: 'roles that are not declared',
    file: RIGHTS,
    from: 'requires: [role-assignment]',
    to: 'requires: []',
    rule: 'rights',
    message: /role assignment create.*role-assignment/,
  },
  {
    name: 'a role that an agent does not hand on',
    file: RIGHTS,
    from: "--role 'Storage Blob Data Owner'",
    to: '--role Contributor',
    rule: 'rights',
    message: /the role "Contributor" cannot be handed on by an agent/,
  },
  {
    name: 'a right that no agent is given',
    file: RIGHTS,
    from: 'az role definition list',
    to: 'az policy assignment create',
    rule: 'rights',
    message: /az policy assignment create" needs a right that no agent is given/,
  },
  {
    name: 'a day that proves nothing at its end',
    file: SERVER,
    from: '### Check that the group is empty',
    to: '### Look once more',
    rule: 'day',
    message: /last step must be/,
  },
  {
    name: 'a phase 1 that validates nothing',
    file: SERVER,
    from: '### Validate that the page is served',
    to: '### Wait',
    rule: 'day',
    message: /Validate/,
  },
  {
    name: 'a day without a rhythm',
    file: SERVER,
    from: 'every: PT30M\n',
    to: '\n',
    rule: 'day',
    message: /cadence/,
  },
];

describe('a scenario that is spoiled in one place is found fault with', () => {
  test.each(SPOILED)('$name', ({ file, from, to, rule, message, at, name }) => {
    const good = read(file);
    if (!good.includes(from)) throw new Error(`${file} has no "${from}"`);
    // "Without a rhythm" takes every cadence away.
    const text = name.includes('rhythm')
      ? good.replaceAll(/^every: .*\n/gm, '\n')
      : good.replace(from, () => to);
    const findings = lintScenarios([{ file, text }]);
    expect(findings).toContainEqual({
      file,
      line: expect.any(Number),
      rule,
      message: expect.stringMatching(message),
    });
    if (at) {
      const found = findings.find((finding) => finding.rule === rule && message.test(finding.message));
      expect(found?.line).toBe(lineOf(text, at));
    }
  });

  test('two documents with one id', () => {
    const text = read(SERVER);
    const findings = lintScenarios([
      { file: SERVER, text },
      { file: 'compute-01-second.md', text },
    ]);
    expect(findings).toEqual(
      [
        {
          file: 'compute-01-second.md',
          line: 2,
          rule: 'document',
          message: expect.stringContaining(`taken by ${SERVER}`),
        },
      ].map((finding) => ({
        ...finding,
        file: expect.any(String),
        message: expect.stringMatching(/is taken by/),
      })),
    );
  });
});
