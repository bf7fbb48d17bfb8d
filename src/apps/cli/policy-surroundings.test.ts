// SPDX-License-Identifier: Apache-2.0
// Values, exceptions and what is handed in otherwise to `policy apply` and `policy explain`.
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../test/support/command-line.ts';
import { runCommand } from '../../../test/support/command-line.ts';
import { teamsPolicy } from '../../../test/support/kyverno-policies.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {team: blue}}\nspec: {containers: [{name: a, image: web}]}\n';
const values = 'policies: [{name: teams, rules: [{name: known, values: {teams.data.list: blue}}]}]\n';
const exception = `
apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: legacy, namespace: shop}
spec:
  exceptions: [{policyName: teams, ruleNames: [known]}]
  match: {any: [{resources: {kinds: [Pod]}}]}
`;

function apply(files: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Outcome> {
  const cwd = testFolder({ 'p.yaml': teamsPolicy, 'r.yaml': pod, ...files });
  return runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml', ...flags], { cwd });
}

describe('values', () => {
  test('stand in for what is not there to be looked up', async () => {
    const without = await apply({});
    const agreed = await apply({ 'v.yaml': values }, '--values', 'v.yaml');
    const other = await apply({ 'v.yaml': values.replace('blue', 'red') }, '--values-file', 'v.yaml');

    expect([without.status, agreed.status, other.status]).toEqual([3, 0, 1]);
  });

  test.each([
    ['a rule', values],
    ['an object', 'policies: [{name: teams, resources: [{name: web, values: {teams.data.list: blue}}]}]\n'],
    ['all', 'globalValues: {teams.data.list: blue}\n'],
  ])('of %s were passed over for what was handed in', async (_name, text) => {
    const known = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: teams, namespace: default}\ndata: {list: red}\n';
    const files = { 'v.yaml': text, 'known.yaml': known };

    expect((await apply(files, '--known', 'known.yaml', '--values', 'v.yaml')).status).toBe(0);
    expect((await apply(files, '--known', 'known.yaml')).status).toBe(1);
  });

  test('of --set go over those of the file', async () => {
    const files = { 'v.yaml': 'globalValues: {request.operation: UPDATE}\n', 'p.yaml': onDelete };
    const updated = await apply(files, '--values', 'v.yaml');
    const deleted = await apply(files, '--values', 'v.yaml', '--set', 'other=1,request.operation=DELETE');
    const flagged = await apply(files, '--set', 'request.operation=DELETE', '--operation', 'create');

    expect([updated.status, deleted.status, flagged.status]).toEqual([0, 1, 0]);
  });

  test('label namespaces', async () => {
    const front = teamsPolicy.replace('kinds: [Pod]', 'kinds: [Pod], namespaceSelector: {matchLabels: {tier: front}}');
    const files = {
      'p.yaml': front,
      'v.yaml': `${values.replace('blue', 'red')}namespaceSelector: [{name: shop, labels: {tier: front}}]\n`,
    };

    expect((await apply(files, '--values', 'v.yaml')).status).toBe(1);
    expect((await apply({ 'p.yaml': front })).status).toBe(0);
  });

  test('are told of when no policy has the name', async () => {
    const { stderr } = await apply({ 'v.yaml': values.replace('name: teams', 'name: tems') }, '--values', 'v.yaml');

    expect(stderr).toContain('v.yaml: there is no policy tems');
  });

  test.each([
    ['a file that is not there', {}, ['--values', 'v.yaml'], 'there is no file v.yaml'],
    ['a file that is no YAML', { 'v.yaml': 'a: [b' }, ['--values', 'v.yaml'], 'v.yaml cannot be used as values'],
    ['a misspelt member', { 'v.yaml': 'polices: []' }, ['--values', 'v.yaml'], 'did you mean policies?'],
    ['an empty file', { 'v.yaml': '' }, ['--values', 'v.yaml'], 'cannot be used as values'],
    ['a value without a name', {}, ['--set', 'team'], '--set takes NAME=VALUE; "team" is none'],
    ['a values file after -f', { 'v.yaml': values }, ['-f', 'v.yaml'], '--values v.yaml'],
  ])('are wrong usage: %s', async (_name, files, flags, said) => {
    const { status, stderr } = await apply(files, ...flags);

    expect(stderr).toContain(said);
    expect(status).toBe(2);
  });

  test('count for explain as well', async () => {
    const cwd = testFolder({ 'p.yaml': teamsPolicy, 'r.yaml': pod, 'v.yaml': values });
    const words = ['policy', 'explain', 'p.yaml', '-r', 'r.yaml'];

    expect((await runCommand(words, { cwd })).status).toBe(3);
    expect((await runCommand([...words, '--values', 'v.yaml'], { cwd })).status).toBe(0);
  });
});

const onDelete = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: keep}
spec:
  validationFailureAction: Enforce
  rules:
  - name: keep
    match: {any: [{resources: {kinds: [Pod], operations: [DELETE]}}]}
    validate: {message: not to be deleted, deny: {}}
`;

describe('exceptions', () => {
  test('count when they are named', async () => {
    const files = { 'v.yaml': values.replace('blue', 'red'), 'e.yaml': exception };
    const excepted = await apply(files, '--values', 'v.yaml', '-e', 'e.yaml');

    expect(excepted.stdout).toContain('0 failed, 1 skipped');
    expect(excepted.status).toBe(0);
  });

  test.each([
    [
      'table',
      /Excepted +1 rule taken out by exceptions\n +POLICY +OBJECT +BY\n +teams\/known +Pod shop\/web +shop\/legacy/,
    ],
    ['markdown', /\| `teams\/known` \| Pod shop\/web \| shop\/legacy \|/],
    ['html', /<td>teams\/known<\/td><td>Pod shop\/web<\/td><td>shop\/legacy<\/td>/],
    ['json', /"excepted": \[\s+\{\s+"policy": "teams",\s+"rule": "known"/],
    ['openreports', /result: skip[^]*exceptions: shop\/legacy/],
  ])('are told by %s with what they took out', async (format, said) => {
    const { stdout } = await apply({ 'e.yaml': exception }, '-e', 'e.yaml', '--format', format, '--show-suppressed');

    expect(stdout).toMatch(said);
  });

  test('are nothing else', async () => {
    const { status, stderr } = await apply({ 'e.yaml': pod }, '--exception', 'e.yaml');

    expect(stderr).toContain('Pod shop/web (e.yaml:2:1) is no PolicyException');
    expect(status).toBe(2);
  });
});

describe('what is handed in', () => {
  test('is read from standard input once', async () => {
    const cwd = testFolder({ 'p.yaml': teamsPolicy });
    const { status, stderr } = await runCommand(['policy', 'apply', '-', '-r', '-'], { cwd });

    expect(stderr).toContain('standard input (-) can be read only once');
    expect(status).toBe(2);
  });

  test('from standard input is judged', async () => {
    const cwd = testFolder({ 'p.yaml': onDelete });
    const stdin = Buffer.from(pod);
    const { status } = await runCommand(['policy', 'apply', 'p.yaml', '-r', '-', '--operation', 'DELETE'], {
      cwd,
      stdin,
    });

    expect(status).toBe(1);
  });

  test('without a policy let everything pass', async () => {
    const { status, stdout } = await apply({ 'p.yaml': 'a: b\n' });

    expect(stdout).toContain('incomplete: could not look at p.yaml (there is no policy of a kind that is known here');
    expect(status).toBe(3);
  });

  test('and is no Kubernetes object is told of', async () => {
    const { stderr } = await apply({ 'r.yaml': `${pod}---\nmetadata: {name: x}\n` });

    expect(stderr).toContain('r.yaml:6:1: no Kubernetes object (apiVersion and kind are missing); passed over');
  });

  test.each(['openreports', 'objects'])(
    'and cannot be read is told on standard error where %s has no place for it',
    async (format) => {
      const files = { 'p.yaml': `${onDelete}---\na: [b\n` };
      const { status, stdout, stderr } = await apply(files, '--format', format);

      expect(stderr).toMatch(/error: p\.yaml:\d+:\d+: not valid YAML/);
      expect(stdout).not.toContain('not valid');
      expect(status).toBe(3);
    },
  );

  test('of a group that does not exist is remarked on', async () => {
    const { stderr } = await apply({ 'p.yaml': onDelete.replace('kyverno.io', 'policy.kyverno.io') });

    expect(stderr).toContain('policy.kyverno.io/v1 does not exist');
  });

  test('for a program, as tests and values are, is no object', async () => {
    const test = 'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\nresults: []\n';
    const cwd = testFolder({ 'p.yaml': onDelete, 'kyverno-test.yaml': test, 'r.yaml': pod });
    const { stdout } = await runCommand(['policy', 'apply', '.'], { cwd });

    expect(stdout).toContain('1 policy judged 1 object:');
  });

  test('twice counts once', async () => {
    const cwd = testFolder({ 'p.yaml': onDelete, 'r.yaml': pod });
    const { stdout } = await runCommand(['policy', 'apply', 'p.yaml', 'p.yaml', '-r', 'r.yaml', '-r', '.'], { cwd });

    expect(stdout).toContain('1 policy judged 2 objects:');
  });

  test('without objects is said in words of policies', async () => {
    const { status, stdout } = await apply({ 'r.yaml': '# nothing\n' });

    expect(stdout).toContain('empty: there are no objects to judge; --resource names some (exit 0)');
    expect(status).toBe(0);
  });
});
