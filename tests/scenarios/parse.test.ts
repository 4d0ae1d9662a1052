import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenarios/parse.ts';
import { broken, lineOf, VALID, VALID_FILE } from './document.ts';

const FENCE = '```';

describe('a valid document', () => {
  test('gives its front matter, with defaults, and its steps', () => {
    const parsed = parseScenario(VALID_FILE, VALID);
    if (!parsed.ok) throw new Error(parsed.rejected.reason);
    expect(parsed.scenario).toMatchObject({
      id: 'compute-07',
      area: 'Compute',
      requires: [],
      file: VALID_FILE,
    });
    expect(parsed.scenario.body.startsWith('# A small server')).toBe(true);
    const { deploy, operate, cleanUp } = parsed.phases;
    expect(deploy.map((step) => step.title)).toEqual(['Create the server']);
    expect(operate.map((step) => step.everySeconds)).toEqual([1_800, undefined]);
    expect(cleanUp[0]?.script).toContain('az vm delete');
    expect(deploy[0]?.line).toBe(lineOf(VALID, 'name="$NAME_PREFIX-vm"'));
  });

  test('may come from Windows, with a byte order mark and carriage returns', () => {
    const parsed = parseScenario(VALID_FILE, `\uFEFF${VALID.replaceAll('\n', '\r\n')}`);
    expect(parsed).toMatchObject({ ok: true });
    if (parsed.ok) expect(parsed.phases.deploy[0]?.script).not.toContain('\r');
  });
});

/** What is changed in the valid document; the line that must be named is that of `at` in the changed document. */
const FAULTS: { name: string; from: string; to: string; at: string; reason: RegExp }[] = [
  { name: 'no front matter', from: '---\nid', to: 'id', at: 'id:', reason: /must begin with a line ---/ },
  {
    name: 'YAML syntax',
    from: 'A small server\narea',
    to: 'A: small\narea',
    at: 'title: A: small',
    reason: /not YAML/,
  },
  {
    name: 'a key twice',
    from: 'area: Compute',
    to: 'area: Compute\ntitle: B',
    at: 'title: B',
    reason: /unique/,
  },
  {
    name: 'an alias',
    from: 'services: [Virtual',
    to: 'services: [*x, Virtual',
    at: 'services:',
    reason: /must not use YAML aliases/,
  },
  { name: 'a missing key', from: 'area: Compute\n', to: '', at: '---', reason: /"area" is missing/ },
  {
    name: 'an unknown key',
    from: 'area:',
    to: 'colour: red\narea:',
    at: 'colour',
    reason: /unknown key "colour"/,
  },
  { name: 'an unknown area', from: 'Compute', to: 'Computing', at: 'area:', reason: /"area": .*AI & ML/ },
  { name: 'a number as text', from: '0.10', to: 'ten', at: 'estimatedCostUsd', reason: /expected number/ },
  {
    name: 'a bad reference',
    from: '- https://learn',
    to: '- learn',
    at: '- learn',
    reason: /"references.0"/,
  },
  {
    name: 'a bad right',
    from: 'area:',
    to: 'requires:\n  - entra\n  - owner\narea:',
    at: '- owner',
    reason: /entra/,
  },
  {
    name: 'an id unlike the file',
    from: 'compute-07',
    to: 'compute-08',
    at: 'id:',
    reason: /compute-08-<words>.md/,
  },
  {
    name: 'a differing title',
    from: '# A small',
    to: '# A big',
    at: '# A big',
    reason: /differs from the title/,
  },
  { name: 'no story', from: 'A shop keeps one server.', to: '', at: '## Phase 1', reason: /tell the story/ },
  {
    name: 'a misspelt phase',
    from: ': Operate',
    to: ': Operat',
    at: '## Phase 2',
    reason: /expected "## Phase 2: Op/,
  },
  {
    name: 'a phase too many',
    from: '## Phase 3: Clean up',
    to: '## Notes',
    at: '## Notes',
    reason: /unexpected/,
  },
  {
    name: 'a step without code',
    from: '### Restart',
    to: '### Wait\n\n### Restart',
    at: '### Wait',
    reason: /no ```bash/,
  },
  {
    name: 'a step twice',
    from: '### Restart the',
    to: '### Look at the',
    at: '### Look at the server\n```',
    reason: /second/,
  },
  {
    name: 'an unclosed block',
    from: `--yes\n${FENCE}`,
    to: '--yes',
    at: `${FENCE}bash\naz vm delete`,
    reason: /not closed/,
  },
  {
    name: 'an unclosed block before another',
    from: `--tags $TAGS\n${FENCE}`,
    to: '--tags $TAGS',
    at: `${FENCE}bash\nname`,
    reason: /not closed/,
  },
  {
    name: 'another language',
    from: `${FENCE}bash\naz vm del`,
    to: `${FENCE}sh\naz vm del`,
    at: `${FENCE}sh`,
    reason: /bash/,
  },
  {
    name: 'an empty block',
    from: 'az vm restart --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vm"',
    to: '# nothing yet',
    at: `${FENCE}bash\n# nothing yet`,
    reason: /is empty/,
  },
  { name: 'a cadence that is none', from: 'PT30M', to: '30 minutes', at: 'every:', reason: /ISO 8601/ },
  { name: 'a cadence of nothing', from: 'PT30M', to: 'PT0S', at: 'every:', reason: /ISO 8601/ },
  {
    name: 'a cadence outside phase 2',
    from: '### Delete the server\n',
    to: '### Delete the server\nevery: PT1H\n',
    at: 'every: PT1H',
    reason: /only operations/,
  },
  {
    name: 'an unknown variable',
    from: '--tags $TAGS',
    to: '--tags $TAG',
    at: 'az vm create',
    reason: /\$TAG is neither/,
  },
  {
    name: "another step's variable",
    from: 'az vm show --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vm"',
    to: 'az vm show \\\n  --name "$name"',
    at: '  --name "$name"',
    reason: /\$name is neither/,
  },
];

describe('a document that is wrong is rejected with line and reason', () => {
  test.each(FAULTS)('$name', ({ from, to, at, reason }) => {
    const text = broken(from, to);
    const parsed = parseScenario(VALID_FILE, text);
    if (parsed.ok) throw new Error('the document was accepted');
    expect(parsed.rejected.reason).toMatch(reason);
    expect(parsed.rejected).toMatchObject({ file: VALID_FILE, line: lineOf(text, at) });
  });

  test('front matter that never ends', () => {
    const parsed = parseScenario(VALID_FILE, '---\nid: compute-07\n');
    expect(parsed).toMatchObject({
      ok: false,
      rejected: { line: 1, reason: expect.stringMatching(/not closed/) },
    });
  });

  test('a phase that is missing is reported at the end', () => {
    const text = VALID.slice(0, VALID.indexOf('## Phase 3'));
    const parsed = parseScenario(VALID_FILE, text);
    expect(parsed).toMatchObject({
      ok: false,
      rejected: { line: text.split('\n').length, reason: expect.stringContaining('Phase 3: Clean up') },
    });
  });
});

test('nothing that is thrown at it makes it throw', () => {
  const pieces = fc.constantFrom(
    ...VALID.split(/(?<=\n)/),
    '---\n',
    '```\n',
    '$(',
    '"',
    '${',
    '<<EOF\n',
    '&a *a\n',
  );
  const documents = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(documents, (text) => {
      const parsed = parseScenario(VALID_FILE, text);
      if (!parsed.ok) {
        expect(parsed.rejected.line).toBeGreaterThanOrEqual(1);
        expect(parsed.rejected.line).toBeLessThanOrEqual(text.split(/\r?\n/).length);
      }
    }),
    { numRuns: 500 },
  );
});
