import type { Json } from './cloud.ts';
import { groupId, siblingId } from './ids.ts';
import type { Invocation } from './invocation.ts';

/** Options that say where, or how to answer, and not what a resource is like. */
const NOT_PROPERTIES = new Set(
  'resource-group name location tags sku output query yes ids id no-wait subscription set add remove only-show-errors'.split(
    ' ',
  ),
);

/**
 * The body of a resource from the options of the command that makes it. Every option becomes a property of the same name in
 * camel case; the members that Azure keeps beside the properties go there; and the properties that scenarios read back get
 * the shape that they have in Azure.
 */
export function bodyOf(invocation: Invocation, type: string, existing?: Json): Json {
  const options = Object.fromEntries(
    invocation
      .entries()
      .filter(([name]) => !NOT_PROPERTIES.has(name) && !/password|secret|key-values?$/.test(name))
      .map(([name, values]) => [camel(name), plain(values)]),
  );
  const tags = invocation.pairs('tags') ?? existing?.tags;
  const sku = invocation.value('sku');
  const location = invocation.value('location') ?? existing?.location ?? process.env.LOCATION;
  const identity = hasIdentity(invocation) ? { type: 'SystemAssigned' } : existing?.identity;
  const kind = invocation.value('kind') ?? existing?.kind;
  const base: Json = {
    location,
    ...(tags ? { tags } : {}),
    ...(sku ? { sku: { name: sku } } : existing?.sku ? { sku: existing.sku } : {}),
    ...(kind ? { kind } : {}),
    ...(identity ? { identity } : {}),
    properties: { ...Object(existing?.properties), ...options, ...shapeOf(invocation, type) },
  };
  return invocation.values('set').reduce<Json>(assign, base);
}

function hasIdentity(invocation: Invocation): boolean {
  return ['assign-identity', 'mi-system-assigned', 'system-assigned', 'enable-managed-identity'].some(
    (name) => invocation.has(name),
  );
}

/** `--set properties.a.b=c`: a member that Azure keeps at the top stays there, everything else is a property. */
function assign(body: Json, assignment: string): Json {
  const at = assignment.indexOf('=');
  const path = assignment.slice(0, at).split('.');
  const value = plain([assignment.slice(at + 1)]);
  const isTop = ['properties', 'tags', 'sku', 'identity', 'kind'].includes(path[0] ?? '');
  return put(body, isTop ? path : ['properties', ...path], value);
}

function put(object: Json, [head = '', ...rest]: readonly string[], value: unknown): Json {
  return { ...object, [head]: rest.length === 0 ? value : put(Object(object[head]), rest, value) };
}

export function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The value of an option as JSON would have it: nothing is true, one is a scalar, several are a list. */
export function plain(values: readonly string[]): unknown {
  if (values.length === 0) return true;
  if (values.length > 1) return values;
  const [value = ''] = values;
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  if (/^-?\d{1,9}$/.test(value)) return Number(value);
  if (/^\s*[[{]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

/** Properties that scenarios read back and that options alone do not make. */
function shapeOf(invocation: Invocation, type: string): Json {
  const { value } = { value: (...names: string[]) => invocation.value(...names) };
  const name = value('name', 'endpoint-name', 'workspace-name') ?? '';
  const ref = (of: string, named: string | undefined) =>
    named === undefined ? undefined : { id: siblingId(invocation, of, named) };
  switch (type) {
    case 'Microsoft.Network/virtualNetworks':
      return { addressSpace: { addressPrefixes: invocation.values('address-prefixes') } };
    case 'Microsoft.Network/virtualNetworks/subnets':
      return {
        ...(invocation.has('address-prefixes') ? { addressPrefix: value('address-prefixes') } : {}),
        ...optional(
          'networkSecurityGroup',
          ref('Microsoft.Network/networkSecurityGroups', value('network-security-group', 'nsg')),
        ),
        ...optional('routeTable', ref('Microsoft.Network/routeTables', value('route-table'))),
      };
    case 'Microsoft.Network/networkSecurityGroups/securityRules':
      return {
        ...optional('sourceAddressPrefix', value('source-address-prefixes')),
        ...optional('destinationPortRange', value('destination-port-ranges')),
      };
    case 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings':
      return { peeringState: 'Connected', peeringSyncLevel: 'FullyInSync' };
    case 'Microsoft.Network/networkInterfaces':
      return { ipConfigurations: [ipConfiguration(invocation)] };
    case 'Microsoft.Network/publicIPAddresses':
      return { ipAddress: '203.0.113.10', publicIPAllocationMethod: value('allocation-method') ?? 'Static' };
    case 'Microsoft.Network/privateEndpoints':
      return {
        networkInterfaces: [],
        customDnsConfigs: [{ fqdn: name, ipAddresses: ['10.0.0.4'] }],
        privateLinkServiceConnections: [{ name, privateLinkServiceConnectionState: { status: 'Approved' } }],
      };
    case 'Microsoft.Compute/virtualMachines':
      return {
        hardwareProfile: { vmSize: value('size') },
        storageProfile: storageProfile(invocation),
        vmId: name,
      };
    case 'Microsoft.Compute/disks':
    case 'Microsoft.Compute/snapshots':
      return {
        diskSizeGb: Number(value('size-gb') ?? 30),
        timeCreated: new Date().toISOString(),
        diskState: 'Unattached',
      };
    case 'Microsoft.Storage/storageAccounts':
      return {
        primaryEndpoints: {
          blob: `https://${name}.blob.core.windows.net/`,
          web: `https://${name}.z13.web.core.windows.net/`,
        },
        statusOfPrimary: 'available',
      };
    case 'Microsoft.KeyVault/vaults':
      return {
        vaultUri: `https://${name}.vault.azure.net/`,
        tenantId: process.env.AZURE_TENANT_ID,
        softDeleteRetentionInDays: Number(value('retention-days') ?? 90),
        enableSoftDelete: true,
      };
    case 'Microsoft.App/containerApps':
      return containerAppShape(invocation);
    case 'Microsoft.ContainerInstance/containerGroups':
      return {
        instanceView: { state: 'Running' },
        ipAddress: { ip: '203.0.113.20' },
        containers: [{ name }],
      };
    case 'Microsoft.CognitiveServices/accounts':
      return { endpoint: `https://${name}.cognitiveservices.azure.com/` };
    case 'Microsoft.OperationalInsights/workspaces':
      return { customerId: '5f0c9d3a-2b71-4e88-9d15-3a6c7e40b912' };
    case 'Microsoft.DBforMySQL/flexibleServers':
    case 'Microsoft.DBforPostgreSQL/flexibleServers':
      return { state: 'Ready', fullyQualifiedDomainName: `${name}.database.azure.com` };
    case 'Microsoft.Sql/servers':
      return { state: 'Ready', fullyQualifiedDomainName: `${name}.database.windows.net` };
    case 'Microsoft.Web/sites':
    case 'Microsoft.Web/staticSites':
      return {
        state: 'Running',
        defaultHostName: `${name}.azurewebsites.net`,
        defaultHostname: `${name}.azurewebsites.net`,
      };
    case 'Microsoft.Cdn/profiles/afdEndpoints':
      return { hostName: `${name}.z01.azurefd.net` };
    case 'Microsoft.ManagedIdentity/userAssignedIdentities':
      return {};
    default:
      return {};
  }
}

function optional(name: string, value: unknown): Json {
  return value === undefined ? {} : { [name]: value };
}

function ipConfiguration(invocation: Invocation): Json {
  const network = invocation.value('vnet-name');
  const subnet = invocation.value('subnet');
  const address = invocation.value('public-ip-address');
  const group = groupId(invocation);
  const subnetId = network
    ? `${group}/providers/Microsoft.Network/virtualNetworks/${network}/subnets/${subnet}`
    : subnet;
  return {
    name: 'ipconfig1',
    privateIPAddress: invocation.value('private-ip-address') ?? '10.0.0.4',
    ...optional('subnet', subnetId ? { id: subnetId } : undefined),
    ...optional(
      'publicIPAddress',
      address ? { id: siblingId(invocation, 'Microsoft.Network/publicIPAddresses', address) } : undefined,
    ),
  };
}

function storageProfile(invocation: Invocation): Json {
  const name = invocation.value('os-disk-name') ?? `${invocation.value('name')}-os`;
  return {
    osDisk: {
      name,
      deleteOption: invocation.value('os-disk-delete-option') ?? 'Detach',
      managedDisk: { id: siblingId(invocation, 'Microsoft.Compute/disks', name) },
    },
    dataDisks: [],
  };
}

function containerAppShape(invocation: Invocation): Json {
  const name = invocation.value('name') ?? '';
  const fqdn = `${name}.eastus.azurecontainerapps.io`;
  const revision = `${name}--${invocation.value('revision-suffix') ?? 'first'}`;
  return {
    latestRevisionName: revision,
    latestReadyRevisionName: revision,
    runningStatus: 'Running',
    configuration: { ingress: { fqdn, traffic: [{ weight: 100, latestRevision: true }] } },
    template: {
      containers: [{ name, image: invocation.value('image') }],
      scale: {
        minReplicas: Number(invocation.value('min-replicas') ?? 0),
        maxReplicas: Number(invocation.value('max-replicas') ?? 10),
      },
    },
  };
}
