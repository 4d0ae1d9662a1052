import { describe, expect, test } from 'vitest';
import { judge, type Suspect, type Verdict } from '../../src/janitor/judge.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const patience = { now: NOW, patienceSeconds: 1_800, graceSeconds: 900 };
const dead: Suspect = { runId: 'r', alive: false, closing: false, known: true };
const HALF_AN_HOUR_AGO = '2026-11-21T11:30:00.000Z';

describe('the judgement of a run', () => {
  test.each<[string, Partial<Suspect>, Verdict]>([
    ['dead, seen for the first time', {}, { action: 'note' }],
    [
      'dead, seen a moment ago',
      { firstSeenAt: '2026-11-21T11:59:00.000Z' },
      { action: 'wait', until: '2026-11-21T12:29:00.000Z' },
    ],
    ['dead, seen long enough ago', { firstSeenAt: HALF_AN_HOUR_AGO }, { action: 'remove' }],
    [
      'dead before its lease is over, and known here',
      { firstSeenAt: HALF_AN_HOUR_AGO, expiresOn: '2026-11-21T18:00:00.000Z' },
      { action: 'remove' },
    ],
    [
      'alive, however often it was seen',
      { alive: true, firstSeenAt: HALF_AN_HOUR_AGO },
      { action: 'leave', why: 'alive' },
    ],
    [
      'alive and long past its time',
      { alive: true, firstSeenAt: HALF_AN_HOUR_AGO, expiresOn: '2026-11-20T00:00:00.000Z' },
      { action: 'leave', why: 'overdue' },
    ],
    ['being closed', { closing: true, firstSeenAt: HALF_AN_HOUR_AGO }, { action: 'leave', why: 'closing' }],
    [
      'unknown here, within its lease: perhaps of another installation',
      { known: false, firstSeenAt: HALF_AN_HOUR_AGO, expiresOn: '2026-11-21T12:30:00.000Z' },
      { action: 'leave', why: 'lease' },
    ],
    [
      'unknown here, expired, but not for the grace',
      { known: false, firstSeenAt: HALF_AN_HOUR_AGO, expiresOn: '2026-11-21T11:50:00.000Z' },
      { action: 'leave', why: 'lease' },
    ],
    [
      'unknown here, its lease over',
      { known: false, firstSeenAt: HALF_AN_HOUR_AGO, expiresOn: '2026-11-21T11:45:00.000Z' },
      { action: 'remove' },
    ],
    ['unknown here, without a lease', { known: false }, { action: 'note' }],
  ])('%s', (_what, suspect, verdict) => {
    expect(judge({ ...dead, ...suspect }, patience)).toEqual(verdict);
  });
});
