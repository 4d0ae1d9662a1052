import { describe, expect, test } from 'vitest';
import { exampleArguments, exampleValues } from '../../../local/scenarios/arguments.ts';
import { placedCommands } from '../../../local/scenarios/azChecks.ts';
import { azPython, parseWithAz } from '../../../local/scenarios/azCli.ts';
import { exceptionFor } from '../../../local/scenarios/azExceptions.ts';
import { checkStyle, checkSyntax, isOnPath } from '../../../local/scenarios/shellChecks.ts';
import { azCommands } from '../../../src/scenarios/azCommands.ts';

const document = (script: string) => ({
  file: 'x-01-x.md',
  text: '',
  steps: [{ title: 'x', script, line: 10 }],
});

describe('example arguments', () => {
  test('stand for what only a run can know', () => {
    const script =
      'id=$(az vm show --query id -o tsv)\naz vm wait --ids "$id" --tags $TAGS --body @f --timeout $((1 + 2))';
    const wait = azCommands(script).commands[1];
    const args = wait ? exampleArguments(wait, exampleValues(script)) : [];
    expect(args.slice(0, 3)).toEqual(['vm', 'wait', '--ids']);
    expect(args[3]).toMatch(/^\/subscriptions\/.*\/providers\//);
    expect(args.slice(4)).toEqual([
      '--tags',
      'AzureHayMaker-managed=true',
      'RunId=run-1',
      '--body',
      '{}',
      '--timeout',
      '1',
    ]);
  });
});

describe('exceptions', () => {
  test.each<[string, string, string, boolean]>([
    ['containerapp env create', 'unknown', 'no such command', true],
    ['vm create', 'unknown', 'no such command', false],
    ['functionapp create', 'refused', 'unrecognized arguments: --flexconsumption-location eastus', true],
    [
      'functionapp create',
      'refused',
      'unrecognized arguments: --flexconsumption-location eastus --bogus x',
      false,
    ],
    ['functionapp create', 'refused', 'the following arguments are required: --name/-n', false],
    ['functionapp create', 'unknown', 'no such command', false],
    [
      'cognitiveservices account deployment create',
      'refused',
      'the following arguments are required: --scale-type/--scale-settings-scale-type',
      true,
    ],
  ])('%s, %s, %s', (command, status, message, isExcepted) => {
    expect(exceptionFor(command, { status, message }) !== undefined).toBe(isExcepted);
  });
});

describe('shell', () => {
  test.skipIf(!isOnPath('bash'))('bash names the line', () => {
    expect(checkSyntax(document('echo a\nif true; then\n'))).toEqual([
      {
        file: 'x-01-x.md',
        line: expect.any(Number),
        rule: 'bash',
        message: expect.stringContaining('syntax error'),
      },
    ]);
    expect(checkSyntax(document('echo a\n'))).toEqual([]);
  });

  test.skipIf(!isOnPath('shellcheck'))('shellcheck names the line; unquoted tags are meant', () => {
    const findings = checkStyle(document('az vm create --tags $TAGS\naz vm show --name $NAME_PREFIX\n'));
    expect(findings).toEqual([
      { file: 'x-01-x.md', line: 11, rule: 'shellcheck', message: expect.stringContaining('SC2086') },
    ]);
  });
});

const python = azPython();
if (!python) console.warn('az is not on the PATH: its parser is not asked');

test.skipIf(!python)("the Azure CLI's own parser judges commands without performing them", async () => {
  const script = [
    'az network vnet create --resource-group "$RESOURCE_GROUP" --name a --address-prefixes 10.0.0.0/16 --tags $TAGS',
    'az network vnet create --resource-group "$RESOURCE_GROUP" --name a --addres-prefix 10.0.0.0/16',
    'az network vnet creat --name a',
    'az vm delete --resource-group "$RESOURCE_GROUP" --name a --yes',
  ].join('\n');
  const answers = await parseWithAz(
    python ?? '',
    placedCommands([document(script)]).map(({ args }) => args),
  );
  expect(answers).toMatchObject([
    { status: 'ok', tags: true },
    { status: 'refused', message: expect.stringContaining('--addres-prefix') },
    { status: 'unknown' },
    { status: 'ok', confirms: true },
  ]);
});
