import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, until } from './support/http.ts';
import { type Target, target } from './support/target.ts';

let at: Target;
beforeAll(async () => {
  at = await target();
});
afterAll(() => at?.stop());

const orchestrators = () => `${at.url}/api/orchestrators`;
const statusOf = async (id: string) => (await request(`${orchestrators()}/${id}/status`)).body;

async function start(body?: unknown): Promise<string> {
  const answer = await request<{ id: string; statusQueryGetUri: string }>(
    `${orchestrators()}/base_orchestrator`,
    {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
    },
  );
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(answer.body.statusQueryGetUri);
  return answer.body.id;
}

describe('the base orchestrator over HTTP', () => {
  it('is started, sleeps, is looked at, and ends with the event it was sent', async () => {
    const id = await start({ message: 'hello', wait_event_name: 'approved' });
    const waiting = await until(
      () => statusOf(id),
      (status) => status.customStatus !== null,
      10_000,
    );
    expect(waiting).toMatchObject({
      name: 'base_orchestrator',
      instanceId: id,
      runtimeStatus: 'Running',
      input: { message: 'hello', wait_event_name: 'approved' },
      customStatus: { state: 'waiting', event_name: 'approved' },
      output: null,
    });

    const raised = await request(`${orchestrators()}/${id}/raise/approved`, { body: { by: 'ops' } });
    expect(raised.status).toBe(202);
    const ended = await until(
      () => statusOf(id),
      (status) => status.runtimeStatus === 'Completed',
      10_000,
    );
    expect(ended.output).toEqual({
      message: 'hello',
      status: 'received',
      event_name: 'approved',
      event: { by: 'ops' },
    });

    const late = await request(`${orchestrators()}/${id}/raise/approved`, { body: {} });
    expect(late.status).toBe(410);
    expect(late.body).toMatchObject({ error: { code: 'INSTANCE_FINISHED', details: {} } });
  });

  it('is started without a body, and takes an event without one', async () => {
    const id = await start();
    await until(
      () => statusOf(id),
      (status) => status.customStatus !== null,
      10_000,
    );
    expect((await request(`${orchestrators()}/${id}/raise/continue`, { method: 'POST' })).status).toBe(202);
    const ended = await until(
      () => statusOf(id),
      (status) => status.runtimeStatus === 'Completed',
      10_000,
    );
    expect(ended.output).toMatchObject({ message: '', event: null });
  });

  it('keeps an event that comes before anybody waits for it', async () => {
    const id = await start({ wait_event_name: 'early' });
    expect((await request(`${orchestrators()}/${id}/raise/early`, { body: 7 })).status).toBe(202);
    const ended = await until(
      () => statusOf(id),
      (status) => status.runtimeStatus === 'Completed',
      10_000,
    );
    expect(ended.output).toMatchObject({ event: 7 });
  });

  it.each([
    ['an unknown orchestrator', 'nobody', '{}', 404, 'ORCHESTRATOR_NOT_FOUND'],
    ['a part of a run', 'provision_agent', '{}', 404, 'ORCHESTRATOR_NOT_FOUND'],
    ['a body that is no JSON', 'base_orchestrator', '{"message":', 400, 'INVALID_JSON'],
  ])('refuses %s with a clear answer', async (_what, name, text, status, code) => {
    const answer = await request<{ error: { code: string; message: string } }>(`${orchestrators()}/${name}`, {
      text,
    });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    if (status === 404)
      expect(answer.body.error.message).toContain('base_orchestrator, orchestrate_haymaker_run');
  });

  it('refuses another content type, and an unknown instance', async () => {
    const xml = await request(`${orchestrators()}/base_orchestrator`, {
      text: '<a/>',
      headers: { 'content-type': 'text/xml' },
    });
    expect(xml).toMatchObject({ status: 415, body: { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } } });
    const nobody = await request(`${orchestrators()}/nobody/status`);
    expect(nobody).toMatchObject({ status: 404, body: { error: { code: 'INSTANCE_NOT_FOUND' } } });
  });
});
