import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArmId, pickApiVersion } from '../../src/azure/armId.ts';
import { chunkLines } from '../../src/azure/chunkLines.ts';
import { kqlString } from '../../src/azure/kql.ts';
import { roleAssignmentId } from '../../src/azure/roleAssignmentId.ts';
import { tableKey } from '../../src/azure/tables.ts';
import { Rejected } from '../../src/domain/errors.ts';
import { isOurs } from '../../src/domain/ownership.ts';
import { CONTRIBUTOR } from '../../src/domain/roles.ts';

const group = '/subscriptions/s1/resourceGroups/g1';

describe('roleAssignmentId', () => {
  const input = { scope: group, seed: 'run-1|hm-1-compute-01', roleDefinitionGuid: CONTRIBUTOR.guid };

  test('is the same for the same holder, scope and role, whatever the case of the scope', () => {
    const name = (id: string) => id.split('/').at(-1);
    expect(roleAssignmentId(input)).toBe(roleAssignmentId({ ...input }));
    expect(name(roleAssignmentId({ ...input, scope: group.toUpperCase() }))).toBe(
      name(roleAssignmentId(input)),
    );
    expect(roleAssignmentId(input)).toMatch(
      /^\/subscriptions\/s1\/resourceGroups\/g1\/providers\/Microsoft\.Authorization\/roleAssignments\/[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test.each([{ scope: `${group}x` }, { seed: 'run-2' }, { roleDefinitionGuid: 'other' }])(
    'is another one for %j',
    (change) => {
      expect(roleAssignmentId({ ...input, ...change })).not.toBe(roleAssignmentId(input));
    },
  );
});

describe('parseArmId', () => {
  test.each([
    [group, { kind: 'group', group: 'g1' }],
    [
      `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/a`,
      { namespace: 'Microsoft.Network', typePath: 'virtualNetworks/subnets', name: 'a', group: 'g1' },
    ],
    [
      `${group}/providers/Microsoft.Web/sites/w/providers/Microsoft.Insights/diagnosticSettings/d`,
      { namespace: 'Microsoft.Insights', typePath: 'diagnosticSettings', name: 'd', group: 'g1' },
    ],
    [
      '/subscriptions/s1/providers/Microsoft.Authorization/policyAssignments/p',
      { namespace: 'Microsoft.Authorization', typePath: 'policyAssignments', name: 'p', group: undefined },
    ],
  ])('%s', (id, expected) => {
    expect(parseArmId(id)).toMatchObject(expected);
  });

  test.each(['', 'hm-1', '/subscriptions/s1', `${group}/providers/Microsoft.Web/sites`, `${group}/`])(
    'refuses "%s"',
    (id) => {
      expect(() => parseArmId(id)).toThrow(Rejected);
    },
  );
});

test.each([
  [{ defaultApiVersion: '2023-01-01', apiVersions: ['2024-01-01'] }, '2023-01-01'],
  [{ apiVersions: ['2022-01-01', '2025-01-01-preview', '2024-01-01'] }, '2024-01-01'],
  [{ apiVersions: ['2024-01-01-preview', '2025-01-01-preview'] }, '2025-01-01-preview'],
  [{ apiVersions: [] }, undefined],
])('pickApiVersion %j', (type, expected) => {
  expect(pickApiVersion(type)).toBe(expected);
});

describe('kqlString', () => {
  test('cannot be ended from inside', () => {
    expect(kqlString("run-1' | union x //")).toBe("'run-1\\' | union x //'");
    expect(kqlString('a\\')).toBe("'a\\\\'");
    expect(kqlString('a\nb')).toBe("'a\\u000ab'");
  });

  test('has no bare quote and reads back as the same text, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const literal = kqlString(text);
        expect(literal).toMatch(/^'([ -&(-[\]-~]|\\['"\\]|\\u[0-9a-f]{4})*'$/);
        const back = literal
          .slice(1, -1)
          .replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex, plain) =>
            hex ? String.fromCharCode(Number.parseInt(hex, 16)) : plain,
          );
        expect(back).toBe(text);
      }),
    );
  });
});

test('tableKey holds no forbidden character, and no two texts share one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      expect(tableKey(one)).not.toMatch(/[/\\#?%]/);
      if (one !== other) expect(tableKey(one)).not.toBe(tableKey(other));
    }),
  );
  expect(tableKey('/a')).not.toBe(tableKey('!2fa'));
});

test('chunkLines keeps every line, in order, in blocks that fit', () => {
  const line = fc.string({ maxLength: 10 }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const blocks = chunkLines(lines, 64);
      expect(blocks.join('')).toBe(lines.map((each) => `${each}\n`).join(''));
      for (const block of blocks) expect(Buffer.byteLength(block)).toBeLessThanOrEqual(64);
    }),
  );
  expect(() => chunkLines(['x'.repeat(64)], 64)).toThrow(Rejected);
});

test('isOurs needs both tags, whatever the case of their names', () => {
  expect(isOurs({ 'AzureHayMaker-managed': 'true', RunId: 'run-1' }, 'run-1')).toBe(true);
  expect(isOurs({ 'azurehaymaker-managed': 'True', runid: 'run-1' }, 'run-1')).toBe(true);
  expect(isOurs({ 'AzureHayMaker-managed': 'true', RunId: 'run-2' }, 'run-1')).toBe(false);
  expect(isOurs({ RunId: 'run-1' }, 'run-1')).toBe(false);
  expect(isOurs(undefined, 'run-1')).toBe(false);
});
