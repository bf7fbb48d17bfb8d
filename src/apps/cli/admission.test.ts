// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const policy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: digests }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
  validations:
    - expression: "object.spec.containers.all(c, c.image.contains('@sha256:'))"
      message: images need digests
`;
const signedImages = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: signed }
spec:
  validationFailureAction: Enforce
  rules:
    - name: signed
      match: { any: [{ resources: { kinds: [Pod] } }] }
      verifyImages:
        - imageReferences: ['*']
          attestors: [{ entries: [{ keyless: { subject: 'a@example.com', issuer: 'https://issuer.example' } }] }]
`;
const foreign = 'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sRequiredLabels\nmetadata: { name: x }\n';

const decision = (id: string, image: string): string =>
  `${JSON.stringify({
    id,
    time: '2026-01-01T00:00:00.000Z',
    phase: 'validate',
    outcome: 'allowed',
    request: {
      uid: id,
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { containers: [{ name: 'web', image }] },
      },
    },
  })}\n`;

describe('admission replay', () => {
  const replay = ['admission', 'replay', '--policies', 'p', '--decision-log', 'log'];
  const pinned = `web@sha256:${'a'.repeat(64)}`;

  test('tells what would be refused that was admitted', async () => {
    const cwd = testFolder({
      'p/p.yaml': policy,
      'log/decisions-00000001.jsonl': decision('1', 'web:1') + decision('2', pinned),
    });

    const { status, stdout } = await runCommand(replay, { cwd });

    expect(stdout).toContain('2 decisions: 1 would now be refused');
    expect(status).toBe(1);
  });

  test.each([
    ['a policy that no engine takes', { 'p/p.yaml': foreign }],
    ['a policy that cannot be compiled', { 'p/p.yaml': policy.replace('.all(c', '.all(') }],
    ['a rule that only a registry can answer', { 'p/p.yaml': signedImages }],
  ])('is not clean where nobody judged: %s', async (_, files) => {
    const cwd = testFolder({ ...files, 'log/decisions-00000001.jsonl': decision('1', pinned) });

    const { status } = await runCommand(replay, { cwd });

    expect(status).toBe(3);
  });

  test('judges more strictly when that is asked for, as the webhook then does', async () => {
    const listed = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: team }
spec:
  validationFailureAction: Enforce
  rules:
    - name: team
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate:
        message: one of the teams
        deny: { conditions: { any: [{ key: '{{ request.object.spec.containers[].name }}', operator: AnyNotIn, value: [db] }] } }
`;
    const cwd = testFolder({
      'p/p.yaml': listed,
      'log/decisions-00000001.jsonl': decision('1', pinned).replace('"name":"web","image"', '"name":"*","image"'),
    });

    expect((await runCommand(replay, { cwd })).status).toBe(0);
    expect((await runCommand([...replay, '--strict'], { cwd })).status).toBe(1);
  });

  test('takes only the decisions of the time that is named', async () => {
    const cwd = testFolder({ 'p/p.yaml': policy, 'log/decisions-00000001.jsonl': decision('1', 'web:1') });
    const now = Date.parse('2026-01-03T00:00:00Z');

    const [long, short, odd] = [
      await runCommand([...replay, '--since', '3d'], { cwd, now }),
      await runCommand([...replay, '--since', '1d'], { cwd, now }),
      await runCommand([...replay, '--since', 'monday'], { cwd, now }),
    ];

    expect([long.status, short.status, odd.status]).toEqual([1, 0, 2]);
  });

  test('says which lines of the log could not be read', async () => {
    const cwd = testFolder({ 'p/p.yaml': policy, 'log/decisions-00000001.jsonl': `${decision('1', pinned)}{"id":` });

    const { status, stderr } = await runCommand(replay, { cwd });

    expect(stderr).toContain('1 line of the decision log could not be read');
    expect(status).toBe(0);
  });
});

describe('admission failed-open', () => {
  const event = (annotations: Readonly<Record<string, string>>): string =>
    `${JSON.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Event',
      verb: 'create',
      user: { username: 'dev' },
      objectRef: { resource: 'pods', namespace: 'shop', name: 'web' },
      requestReceivedTimestamp: '2026-01-01T00:00:00Z',
      annotations,
    })}\n`;
  const open = event({
    'failed-open.validating.webhook.admission.k8s.io/round_0_index_0': 'validate.landwaiter.dev',
  });

  test.each([
    ['every webhook answered', event({}), 0, '0 requests got in'],
    ['a request got in without an answer', event({}) + open, 1, 'shop/web'],
    ['a line is no event', `${event({})}garbage\n`, 3, '1 audit event'],
    ['there is no event at all', '', 3, '0 audit events'],
  ])('where %s', async (_, log, expected, text) => {
    const cwd = testFolder({ 'audit.log': log });

    const { status, stdout } = await runCommand(['admission', 'failed-open', 'audit.log'], { cwd });

    expect(stdout).toContain(text);
    expect(status).toBe(expected);
  });

  test('without a log, or with one that is not there, it says what it needs', async () => {
    const cwd = testFolder({});

    expect((await runCommand(['admission', 'failed-open'], { cwd })).status).toBe(2);
    expect((await runCommand(['admission', 'failed-open', 'gone.log'], { cwd })).status).toBe(2);
  });
});

describe('admission webhooks', () => {
  test('a policy that no engine takes is told, and leaves the registration incomplete', async () => {
    const cwd = testFolder({ 'p/p.yaml': `${policy}---\n${foreign}`, 'ca.pem': 'x' });

    const { status, stdout, stderr } = await runCommand(
      ['admission', 'webhooks', '--policies', 'p', '--ca-bundle', 'ca.pem'],
      { cwd },
    );

    expect(stdout).toContain('ValidatingWebhookConfiguration');
    expect(stderr).toContain('K8sRequiredLabels');
    expect(status).toBe(3);
  });
});

describe('admission serve', () => {
  test('a policy that no engine takes used to be passed over in silence: nothing is served', async () => {
    const cwd = testFolder({ 'p/p.yaml': `${policy}---\n${foreign}` });

    const { status, stderr } = await runCommand(['admission', 'serve', '--policies', 'p', '--listen', '127.0.0.1:0'], {
      cwd,
    });

    expect(stderr).toContain('which no engine here takes');
    expect(status).toBe(2);
  });

  test('Events that are asked for and have no cluster to be told in are a wrong configuration, and not left out', async () => {
    const cwd = testFolder({ 'p/p.yaml': policy });
    const words = ['admission', 'serve', '--policies', 'p', '--listen', '127.0.0.1:0', '--events'];

    const { status, stderr } = await runCommand(words, { cwd, environment: { HOME: cwd } });

    expect(stderr).toMatch(/cluster/i);
    expect(status).toBe(2);
  });
});
