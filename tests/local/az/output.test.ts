import { describe, expect, it } from 'vitest';
import { Invocation } from '../../../local/az/invocation.ts';
import { render } from '../../../local/az/output.ts';

const DISKS = [
  { name: 'a', sku: { name: 'Standard_LRS' }, size: 4, zones: null },
  { name: 'b', sku: { name: 'Premium_LRS' }, size: 32, zones: null },
];

describe('the output of the az shim', () => {
  it.each([
    ['a list of scalars', '[].name', 'tsv', 'a\nb\n'],
    ['a list of objects', '[].{n:name, s:size}', 'tsv', 'a\t4\nb\t32\n'],
    ['a scalar', 'length(@)', 'tsv', '2\n'],
    ['nothing', '[0].missing', 'tsv', ''],
    ['nothing at all', undefined, 'none', ''],
    ['columns', '[].{Name:name, Size:size}', 'table', 'Name  Size\n----  ----\na     4\nb     32\n'],
  ])('prints %s as the real CLI does', (_what, query, format, expected) => {
    expect(render(DISKS, query, format)).toBe(expected);
  });

  it('prints JSON by default', () => {
    expect(JSON.parse(render(DISKS, '[0].sku', 'json'))).toEqual({ name: 'Standard_LRS' });
  });

  it('refuses a query that is none', () => {
    expect(() => render(DISKS, '[', 'json')).toThrow(/jmespath/);
  });
});

describe('a command line of the az shim', () => {
  it('is read with its conventions', () => {
    const invocation = new Invocation([
      'network',
      'vnet',
      'create',
      '-g',
      'g',
      '--name=v',
      '--tags',
      'a=1',
      'b=2=3',
      '--no-wait',
      '--flag',
      'false',
    ]);
    expect(invocation).toMatchObject({ path: 'network vnet create', group: 'network vnet', verb: 'create' });
    expect(invocation.need('name')).toBe('v');
    expect(invocation.pairs('tags')).toEqual({ a: '1', b: '2=3' });
    expect(invocation.flag('no-wait')).toBe(true);
    expect(invocation.flag('flag')).toBe(false);
    expect(() => invocation.need('location')).toThrow(/required: --location/);
  });
});
