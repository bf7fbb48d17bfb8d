// SPDX-License-Identifier: Apache-2.0
import { anything, assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { parseAuditLine } from './audit-event.ts';

const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: 'a1',
  stage: 'ResponseComplete',
  verb: 'create',
  user: { username: 'dev' },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web', apiVersion: 'v1' },
  requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
  annotations: {
    'authorization.k8s.io/decision': 'allow',
    'failed-open.validating.webhook.admission.k8s.io/round_0_index_1': 'validate.landwaiter.dev',
    'failed-open.mutation.webhook.admission.k8s.io/round_0_index_0': 'mutate.landwaiter.dev',
  },
};
const expected = {
  auditId: 'a1',
  time: '2026-01-01T00:00:00.000000Z',
  user: 'dev',
  verb: 'create',
  object: 'shop/web',
  resource: 'pods',
};

test('requests that got in without an answer of a webhook are found, in events and in lists of them', () => {
  const both = [
    { ...expected, webhook: 'validate.landwaiter.dev', phase: 'validating' },
    { ...expected, webhook: 'mutate.landwaiter.dev', phase: 'mutating' },
  ];

  expect(parseAuditLine(JSON.stringify(event))).toEqual({ kind: 'events', events: 1, failedOpen: both });
  expect(
    parseAuditLine(JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [event, {}] })),
  ).toEqual({ kind: 'events', events: 2, failedOpen: both });
});

test.each([
  ['{', 'not JSON'],
  ['{"kind":"Pod","apiVersion":"v1"}', 'no audit event'],
  ['[]', 'no audit event'],
])('%s is told as what it is', (line, reason) => {
  expect(parseAuditLine(line)).toEqual({ kind: 'none', reason });
});

test('never throws', () => {
  assert(
    property(anything(), (value) => {
      parseAuditLine(JSON.stringify({ ...event, annotations: value, objectRef: value, user: value }) ?? '');
    }),
  );
});
