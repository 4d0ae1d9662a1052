#!/usr/bin/env node
// An `az` for the tests of infra/*.sh: it keeps a small directory in the file FAKE_AZ and notes what it was asked.
// Graph as the scripts need it: https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.env.FAKE_AZ ?? '';
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
state.calls.push(args);
const answer = args[0] === 'rest' ? graph() : said();
writeFileSync(file, JSON.stringify(state));
if (answer === undefined) process.exit(0);
if (answer.error) {
  console.error(`ERROR: ${answer.error}`);
  process.exit(1);
}
console.log(typeof answer === 'string' ? answer : JSON.stringify(answer));

/** What the test has put there for commands that begin so; nothing otherwise. */
function said() {
  const line = args.join(' ');
  const [, text] = Object.entries(state.says).find(([start]) => line.startsWith(start)) ?? [];
  return text;
}

function graph() {
  const method = option('--method');
  const path = decodeURIComponent(option('--url').replace('https://graph.microsoft.com/v1.0', ''));
  const body = args.includes('--body') ? JSON.parse(option('--body')) : undefined;
  const [, kind, key, value, id, rest = ''] =
    /^\/(\w+)(?:\((\w+)='([^']+)'\)|\/([^/?]+))?(\/[^?]*)?/.exec(path) ?? [];
  const all = state[kind];
  if (!all) return { error: `Not Found: ${path}` };
  if (path.includes('?$filter=')) {
    const [, name, wanted] = /\$filter=(\w+) eq '([^']+)'/.exec(path) ?? [];
    return { value: all.filter((one) => one[name] === wanted) };
  }
  let found = all.find((one) => (key ? one[key] === value : one.id === id));
  if (rest.startsWith('/appRole')) return assignments(method, rest, found, body);
  if (method === 'patch') {
    const upsert = key && args.includes('Prefer=create-if-missing');
    if (!found && !upsert) return { error: `Request_ResourceNotFound: ${path}` };
    if (!found) {
      found = { id: randomUUID(), [key]: value, appId: value };
      all.push(found);
    }
    if (kind === 'applications' && found.appId === found.uniqueName) found.appId = randomUUID();
    const { api, ...others } = body;
    Object.assign(found, others, api ? { api: { ...found.api, ...api } } : {});
    return undefined;
  }
  if (!found) return { error: `Request_ResourceNotFound: ${path}` };
  if (method === 'delete') return void all.splice(all.indexOf(found), 1);
  return found;
}

function assignments(method, rest, principal, body) {
  if (!principal) return { error: 'Request_ResourceNotFound' };
  const own = (one) => one.principalId === principal.id || one.resourceId === principal.id;
  if (method === 'get') return { value: state.assignments.filter(own) };
  if (method === 'delete') {
    const at = state.assignments.findIndex(({ id }) => rest.endsWith(id));
    return void state.assignments.splice(at, 1);
  }
  const same = (one) => one.principalId === body.principalId && one.appRoleId === body.appRoleId;
  if (state.assignments.some(same))
    return { error: 'Permission being assigned already exists on the object' };
  state.assignments.push({ id: randomUUID(), ...body });
  return undefined;
}
