/** A command, or some of its flags, that the Azure CLI of Debian 12 (2.45) cannot judge, and why it is used all the same. */
export interface AzException {
  /** The command, or with a star at its end a group of commands. */
  readonly command: string;
  /** Only these flags are beyond that CLI; without them the whole command is. */
  readonly flags?: readonly string[];
  /** Flags that only that CLI insists on. */
  readonly notRequired?: readonly string[];
  readonly reason: string;
}

/** Newer Azure CLIs know all of these; the check says when an entry is no longer needed. */
export const AZ_EXCEPTIONS: readonly AzException[] = [
  {
    command: 'containerapp*',
    reason: 'an extension until 2.47, part of the CLI since',
  },
  {
    command: 'identity federated-credential*',
    reason: 'came with 2.46; no other command lets a managed identity trust an issuer',
  },
  {
    command: 'keyvault secret*',
    reason:
      "Debian's package lacks the Key Vault SDK that these commands load; the commands are older than 2.45",
  },
  {
    command: 'vmss delete',
    reason: "Debian's package lacks the compute SDK that this command loads; the command is older than 2.45",
  },
  {
    command: 'cognitiveservices account deployment create',
    notRequired: ['--scale-type'],
    reason: 'scale types were replaced by SKUs (--sku-name, --sku-capacity) and are optional since 2.52',
  },
  {
    command: 'functionapp create',
    flags: ['--flexconsumption-location', '--instance-memory', '--maximum-instance-count'],
    reason: 'Flex Consumption came with 2.60 and replaces the Linux Consumption plan',
  },
  {
    command: 'webapp create',
    flags: ['--container-image-name'],
    reason: 'since 2.58; the older --deployment-container-image-name is deprecated',
  },
  {
    command: 'webapp config container set',
    flags: ['--container-image-name'],
    reason: 'since 2.58; the older --docker-custom-image-name is deprecated',
  },
];

/** The exception that covers what the CLI said of a command, if one does. */
export function exceptionFor(
  command: string,
  answer: { readonly status: string; readonly message?: string | undefined },
): AzException | undefined {
  return AZ_EXCEPTIONS.find((exception) => {
    if (!covers(exception.command, command)) return false;
    const message = answer.message ?? '';
    if (answer.status === 'unknown') return !exception.flags && !exception.notRequired;
    if (answer.status !== 'refused') return false;
    const complained = [...message.matchAll(/(?<![\w/])--[a-z][a-z0-9-]*/g)].map(([flag]) => flag);
    if (/^unrecognized arguments/.test(message)) return isWithin(complained, exception.flags);
    if (/arguments are required/.test(message)) return isWithin(complained, exception.notRequired);
    return false;
  });
}

function covers(pattern: string, command: string): boolean {
  return pattern.endsWith('*') ? command.startsWith(pattern.slice(0, -1)) : pattern === command;
}

function isWithin(flags: readonly string[], allowed: readonly string[] | undefined): boolean {
  return flags.length > 0 && flags.every((flag) => allowed?.includes(flag) === true);
}
