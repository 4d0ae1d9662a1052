/** A small valid document, one element a line, for tests that break it in one place. */
export const VALID = `---
id: compute-07
title: A small server
area: Compute
services: [Virtual Machines]
estimatedCostUsd: 0.10
estimatedCostBasis: one hour of the smallest size
estimatedMinutes: 10
references:
  - https://learn.microsoft.com/azure/virtual-machines/
---

# A small server

A shop keeps one server.

## Phase 1: Deploy and validate

### Create the server
\`\`\`bash
name="$NAME_PREFIX-vm"
az vm create --resource-group "$RESOURCE_GROUP" --name "$name" --tags $TAGS
\`\`\`

## Phase 2: Operate

### Look at the server
every: PT30M
\`\`\`bash
az vm show --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vm"
\`\`\`

### Restart the server
\`\`\`bash
az vm restart --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vm"
\`\`\`

## Phase 3: Clean up

### Delete the server
\`\`\`bash
az vm delete --resource-group "$RESOURCE_GROUP" --name "$NAME_PREFIX-vm" --yes
\`\`\`
`;

export const VALID_FILE = 'compute-07-small-server.md';

/** The line, counted from 1, of the first occurrence of `part` in `text`. */
export function lineOf(text: string, part: string): number {
  const at = text.indexOf(part);
  if (at === -1) throw new Error(`the document has no "${part}"`);
  return text.slice(0, at).split('\n').length;
}

/** VALID with one replacement, which must apply. */
export function broken(from: string, to: string): string {
  if (!VALID.includes(from)) throw new Error(`the document has no "${from}"`);
  return VALID.replace(from, () => to);
}
