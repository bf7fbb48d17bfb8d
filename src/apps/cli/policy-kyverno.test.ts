// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { teamsPolicy } from '../../../test/support/kyverno-policies.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const policy = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: require-team, annotations: {policies.kyverno.io/severity: high}}
spec:
  validationFailureAction: Enforce
  rules:
  - name: team
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: The label team is required, pattern: {metadata: {labels: {team: "?*"}}}}
`;
const pod = (name: string, labels = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {containers: [{name: a, image: web}]}\n`;

const teams =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: teams, namespace: default}\ndata: {list: "[\\"blue\\"]"}\n';

/** A `*` in the object is in every list of the policy, as Kyverno has it. */
const excused =
  'deny: {conditions: {any: [{key: "{{ request.object.metadata.labels.team }}", operator: AnyNotIn, value: [blue, red]}]}}';

const kyvernoTest = (result: string): string => `
apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: t}
policies: [p.yaml]
resources: [r.yaml]
results: [{policy: require-team, rule: team, resources: [web], kind: Pod, result: ${result}}]
`;

describe('policies of Kyverno on the command line', () => {
  test('refuse what they refuse in a cluster', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web') });

    const { status, stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(status).toBe(1);
    expect(stdout).toContain('The label team is required');
  });

  test('name the place in the object that a pattern is about', async () => {
    const object = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: x\n    team: ""\n';
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': object });

    const { stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toMatch(/require-team\/team .* r\.yaml:7:5$/m);
  });

  test('take the slip in the group of the policy, and say so', async () => {
    const cwd = testFolder({
      'p.yaml': policy.replace('kyverno.io/v1', 'policy.kyverno.io/v1'),
      'r.yaml': pod('web', 'team: a'),
    });

    expect((await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd })).status).toBe(0);
    expect((await runCommand(['policy', 'lint', 'p.yaml'], { cwd })).stdout).toContain(
      'policy.kyverno.io/v1 does not exist',
    );
  });

  test('look up what was handed in, and do not pass what nobody could look up', async () => {
    const cwd = testFolder({ 'p.yaml': teamsPolicy, 'r.yaml': pod('web', 'team: blue'), 'known.yaml': teams });

    const alone = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });
    const informed = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', '--known', 'known.yaml'], { cwd });

    expect(alone.status).toBe(3);
    expect(informed.status).toBe(0);
  });

  test('are told where they let more through than they seem to', async () => {
    const cwd = testFolder({ 'p.yaml': policy });

    const told = await runCommand(['policy', 'lint', 'p.yaml'], { cwd });
    const strict = await runCommand(['policy', 'lint', 'p.yaml', '--strict'], { cwd });

    expect(told.stdout).toMatch(/p\.yaml:\d+:\d+: remark: .* \[existing-violations\]/);
    expect(strict.stdout).toMatch(/p\.yaml:\d+:\d+: error: .* \[existing-violations\]/);
    expect([told.status, strict.status]).toEqual([0, 1]);
  });

  test.each([
    ['ClusterCleanupPolicy', 'schedule: "0 * * *"\n  match: {any: [{resources: {kinds: [Pod]}}]}', 'five fields'],
    ['ClusterCleanupPolicy', 'schedule: "0 * * * *"', 'spec.match is required'],
  ])('that delete are not loaded when they are broken: %s %s', async (kind, spec, said) => {
    const text = `apiVersion: kyverno.io/v2\nkind: ${kind}\nmetadata: {name: old}\nspec:\n  ${spec}\n`;
    const cwd = testFolder({ 'p.yaml': text });

    const { status, stdout } = await runCommand(['policy', 'lint', 'p.yaml'], { cwd });

    expect(stdout).toMatch(/p\.yaml:3:\d+: not loaded: ClusterCleanupPolicy old: /);
    expect(stdout).toContain(said);
    expect(status).toBe(3);
  });

  test('judge more strictly when that is asked for, in apply and in tests', async () => {
    const lax = policy.replace('pattern: {metadata: {labels: {team: "?*"}}}', excused);
    const cwd = testFolder({
      'p.yaml': lax,
      'r.yaml': pod('web', 'team: "*"'),
      'kyverno-test.yaml': kyvernoTest('pass'),
    });
    const statuses = async (...flags: readonly string[]): Promise<readonly number[]> => [
      (await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', ...flags], { cwd })).status,
      (await runCommand(['policy', 'test', '.', ...flags], { cwd })).status,
    ];

    expect(await statuses()).toEqual([0, 0]);
    expect(await statuses('--strict')).toEqual([1, 1]);
  });
});

describe('policy apply --userinfo', () => {
  const excluding = policy.replace(
    '    validate:',
    '    exclude: {any: [{clusterRoles: [cluster-admin]}]}\n    validate:',
  );
  const admin =
    'apiVersion: cli.kyverno.io/v1alpha1\nkind: UserInfo\nclusterRoles: [cluster-admin]\nuserInfo: {username: ann}\n';

  test('says who asks, and with which roles', async () => {
    const cwd = testFolder({ 'p.yaml': excluding, 'r.yaml': pod('web'), 'u.yaml': admin });

    const anybody = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });
    const ann = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', '-u', 'u.yaml'], { cwd });

    expect([anybody.status, ann.status]).toEqual([1, 0]);
  });

  test('refuses a file that does not say it', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web') });

    const { status, stderr } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', '-u', 'r.yaml'], { cwd });

    expect(status).toBe(2);
    expect(stderr).toContain('does not say who asks');
  });
});

describe('policy test', () => {
  test.each([
    ['fail', 0, '1 passed'],
    ['pass', 1, '1 failed'],
  ])('an expected %s ends with %s', async (result, expected, words) => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web'), 'kyverno-test.yaml': kyvernoTest(result) });

    const { status, stdout } = await runCommand(['policy', 'test', '.'], { cwd });

    expect(status).toBe(expected);
    expect(stdout).toContain(words);
  });

  test('tells apart what passed only because no rule is about it', async () => {
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n';
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': other, 'kyverno-test.yaml': kyvernoTest('fail') });

    const { stdout } = await runCommand(['policy', 'test', '.', '--format', 'json'], { cwd });

    expect(JSON.parse(stdout)).toMatchObject({ counts: { passed: 0, excluded: 1, failed: 0 } });
    expect((await runCommand(['policy', 'test', '.'], { cwd })).stdout).toMatch(
      /excluded .* no rule is about it[^]*0 passed, 0 failed, 1 excluded/,
    );
  });

  test.each([
    ['junit', '<testsuite name="t (kyverno-test.yaml)" tests="1" failures="0" errors="0" skipped="1">'],
    ['markdown', '| excluded | require-team | team | web | fail |'],
  ])('tells the same apart as %s', async (format, said) => {
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n';
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': other, 'kyverno-test.yaml': kyvernoTest('fail') });

    expect((await runCommand(['policy', 'test', '.', '--format', format], { cwd })).stdout).toContain(said);
  });

  test.each([
    [['policy=require-*,resource=web'], 1, '1 failed'],
    [['rule=other', 'rule=team'], 1, '1 failed'],
    [['rule=other'], 2, 'no expected result is chosen'],
    [['rulle=team'], 2, '"rulle=team" is none'],
  ])('of the selectors %j ends with %s', async (selectors, expected, said) => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web'), 'kyverno-test.yaml': kyvernoTest('pass') });
    const words = ['policy', 'test', '.', ...selectors.flatMap((word) => ['-t', word])];

    const { status, stdout, stderr } = await runCommand(words, { cwd });

    expect(`${stdout}${stderr}`).toContain(said);
    expect(status).toBe(expected);
  });

  test('says of which kind a file is that is no test, instead of all its unknown fields', async () => {
    const cwd = testFolder({ 'r.yaml': pod('web') });

    const { status, stdout } = await runCommand(['policy', 'test', 'r.yaml'], { cwd });

    expect(stdout).toContain('r.yaml: it is of kind Pod, not Test\n');
    expect(status).toBe(3);
  });
});

describe('policy translate', () => {
  test('writes policies in CEL that judge as the original does', async () => {
    const cwd = testFolder({ 'p.yaml': policy, 'r.yaml': pod('web') });

    const { status, stdout } = await runCommand(['policy', 'translate', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(status).toBe(0);
    expect(stdout).toContain('kind: ValidatingPolicy');
  });

  test('wrote nothing and was content where there was nothing to translate', async () => {
    const { status, stderr } = await runCommand(['policy', 'translate', 'r.yaml'], {
      cwd: testFolder({ 'r.yaml': pod('web') }),
    });

    expect(stderr).toContain('there is no ClusterPolicy or Policy of Kyverno in r.yaml');
    expect(status).toBe(2);
  });

  test('names what cannot be carried over', async () => {
    const cwd = testFolder({ 'p.yaml': policy.replace(/pattern: .*/, 'podSecurity: {level: baseline}}') });

    const { status, stdout, stderr } = await runCommand(['policy', 'translate', 'p.yaml'], { cwd });

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('rule team is not carried over: validate.podSecurity');
  });

  test('took rules that verify images for proved where nobody had looked at an image', async () => {
    const verifying = policy
      .replace(
        /validate: .*/,
        "verifyImages: [{imageReferences: ['*'], attestors: [{entries: [{keyless: {subject: s, issuer: i}}]}]}]",
      )
      .replace('spec:', 'spec:\n  validationFailureAction: Enforce');
    const cwd = testFolder({ 'p.yaml': verifying, 'r.yaml': pod('web') });

    const { status, stdout, stderr } = await runCommand(['policy', 'translate', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain('kind: ImageValidatingPolicy');
    expect(stderr).toContain('was not compared on');
    expect(status).toBe(1);
  });

  test('writes admission policies of Kubernetes', async () => {
    const cwd = testFolder({ 'p.yaml': policy });

    const { stdout } = await runCommand(['policy', 'translate', 'p.yaml', '--dialect', 'kubernetes'], { cwd });

    expect(stdout.match(/kind: ValidatingAdmissionPolicyBinding/g)).toHaveLength(3);
  });
});
