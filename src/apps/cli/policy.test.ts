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
const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: a, image: '${image}' }] }\n`;

describe('policy apply', () => {
  test('refuses what the policy refuses, with the place of the object', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web:1') });

    const { status, stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(status).toBe(1);
    expect(stdout).toMatch(/high\s+digests\s+Pod web\s+images need digests\s+r\.yaml:3/);
  });

  test('ended with 0 for what a cluster refuses when the policy calls it less than high', async () => {
    const medium = policy.replace('name: digests', 'name: digests, annotations: { landwaiter.dev/severity: medium }');
    const cwd = testFolder({ 'p.yaml': medium, 'r.yaml': pod('web:1') });
    const apply = (...flags: readonly string[]) =>
      runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', ...flags], { cwd });

    const { status, stdout } = await apply();

    expect(stdout).toContain('findings: 1 finding for which a cluster would refuse the object (exit 1)');
    expect(status).toBe(1);
    expect((await apply('--fail-on', 'high')).status).toBe(0);
  });

  test('is clean when nothing is refused', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod(`web@sha256:${'a'.repeat(64)}`) });

    const { status, stdout } = await runCommand(['policy', 'apply', 'p.yaml', '--resource', 'r.yaml'], { cwd });

    expect(stdout).toContain('clean');
    expect(status).toBe(0);
  });

  test('judges what lies beside the policies when no objects are named', async () => {
    const cwd = testFolder({ 'all.yaml': `${policy}---\n${pod('web:1')}` });

    expect((await runCommand(['policy', 'apply', 'all.yaml'], { cwd })).status).toBe(1);
  });

  test.each(['json', 'sarif', 'junit', 'markdown', 'html'])('writes %s', async (format) => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web:1') });

    const { stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', '--format', format], { cwd });

    expect(stdout).toContain('images need digests');
  });

  test.each([
    [
      'a policy of a dialect that no engine takes',
      'apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sRequiredLabels\nmetadata: { name: x }\n',
    ],
    ['a policy that cannot be compiled', policy.replace('.all(c', '.all(')],
    ['a file that cannot be read', 'a: [b'],
  ])('is incomplete with %s', async (_name, text) => {
    const cwd = testFolder({ 'p.yaml': text, 'r.yaml': pod('web:1') });

    const { status, stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(`${status} ${stdout}`).toMatch(/^3[^]*incomplete/);
  });

  test('names the kind that was meant', async () => {
    const cwd = testFolder({ 'p.yaml': policy.replace('kind: Validating', 'kind: Valdating'), 'r.yaml': pod('web:1') });

    const { stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain('did you mean ValidatingAdmissionPolicy?');
    expect(stdout).toMatch(/Policies\s+nothing was judged/);
  });

  test('without policies is wrong usage', async () => {
    expect((await runCommand(['policy', 'apply'], { cwd: testFolder({}) })).status).toBe(2);
    expect((await runCommand(['policy', 'aply', 'x'], { cwd: testFolder({}) })).stderr).toContain('policy apply');
  });
});

describe('policy lint', () => {
  test('lists what was loaded and by whom', async () => {
    const cwd = testFolder({ 'p.yaml': policy });

    const { status, stdout } = await runCommand(['policy', 'lint', 'p.yaml'], { cwd });

    expect(stdout).toMatch(/digests\s+ValidatingAdmissionPolicy\s+admission-policy\s+p\.yaml/);
    expect(status).toBe(0);
  });

  test('names the place of what could not be loaded', async () => {
    const cwd = testFolder({ 'p.yaml': policy.replace('.all(c', '.all(') });

    const { status, stdout } = await runCommand(['policy', 'lint', 'p.yaml'], { cwd });

    expect(stdout).toMatch(/p\.yaml:9.*not loaded/);
    expect(status).toBe(3);
  });
});

describe('policy explain', () => {
  test('says which part of the policy decided, with the value it had', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web:1') });

    const { status, stdout } = await runCommand(['policy', 'explain', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain("because c.image.contains('@sha256:')  is  false");
    expect(stdout).toContain('from c.image  is  "web:1"');
    expect(status).toBe(1);
  });

  test('proposes the smallest change for Pod Security Standards', async () => {
    const labels = '{ pod-security.kubernetes.io/enforce: baseline }';
    const namespace = `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: ${labels} }\n`;
    const object = `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { hostNetwork: true, containers: [{ name: a, image: web }] }\n`;
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': object, 'n.yaml': namespace });
    const words = ['policy', 'explain', 'p.yaml', '-r', 'r.yaml', '--known', 'n.yaml'];

    const { stdout } = await runCommand(words, { cwd });

    expect(stdout).toMatch(/it would pass with\n\s+spec\.hostNetwork/);
  });

  test('does not call refused what is only noted', async () => {
    const binding = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: digests }
spec: { policyName: digests, validationActions: [Audit] }
`;
    const cwd = testFolder({ 'p.yaml': `${policy}---${binding}`, 'r.yaml': pod('web:1') });

    const { stdout } = await runCommand(['policy', 'explain', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain('is let in, and noted, by digests');
    expect(stdout).not.toContain('refused');
  });

  test('said that objects pass where there was no object, or no policy', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'none.yaml': '', 'r.yaml': pod('web:1') });
    const explain = async (...words: readonly string[]) => runCommand(['policy', 'explain', ...words], { cwd });

    expect((await explain('p.yaml', '-r', 'none.yaml')).stdout).toContain('There are no objects to judge');
    expect(await explain('none.yaml', '-r', 'r.yaml')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('what could not is told on standard error') as string,
    });
  });

  test('is content when everything passes', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod(`web@sha256:${'a'.repeat(64)}`) });

    const { status, stdout } = await runCommand(['policy', 'explain', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain('Every policy lets this object pass.');
    expect(status).toBe(0);
  });
});
