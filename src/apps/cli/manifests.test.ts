// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web # the only one
      image: registry.example/web:1
      env:
        - name: DB_PASSWORD
          value: s3cr3t-word
      securityContext:
        privileged: true
`;

describe('landwaiter manifests', () => {
  it('says what is wrong and where, with exit 1', async () => {
    const cwd = testFolder({ 'k8s/pod.yaml': pod, Dockerfile: 'FROM a:1\nRUN sudo x\n' });

    const { status, stdout } = await runCommand(['manifests'], { cwd });

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /high +privileged-container +Pod shop\/web: the container web is privileged +k8s\/pod\.yaml:14:9/,
    );
    expect(stdout).toMatch(/medium +sudo +sudo is used in a build +Dockerfile:2/);
    expect(stdout).toContain('Looked at 1 objects, 0 charts, 0 kustomizations, 1 Dockerfiles, 0 Compose files');
    expect(stdout).not.toContain('s3cr3t');
  });

  it('reads files under the names that --file-patterns gives, as scan does', async () => {
    const cwd = testFolder({ 'build/Customfile': 'FROM a:1\nRUN sudo x\nUSER root\n', 'pod.tpl': pod });
    const patterns = ['--file-patterns', 'dockerfile:^build/Custom', '--file-patterns', String.raw`kubernetes:\.tpl$`];

    const plain = await runCommand(['manifests', '.'], { cwd });
    const named = await runCommand(['manifests', '.', ...patterns], { cwd });
    const scan = await runCommand(['scan', '.', '--scanners', 'misconfig', ...patterns], { cwd });
    const wrong = await runCommand(['manifests', '.', '--file-patterns', 'pip:x'], { cwd });

    expect(plain.stdout).toContain('0 Dockerfiles');
    expect(named.stdout).toMatch(/sudo is used in a build +build\/Customfile:2/);
    expect(named.stdout).toMatch(/privileged-container .* pod\.tpl:14:9/);
    expect(scan.stdout).toMatch(/build\/Customfile:2/);
    expect(scan.stdout).toContain('pod.tpl:14');
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('TYPE:REGEX')]);
  });

  it('ends with 0 where there is nothing, and 3 where something cannot be read', async () => {
    const none = await runCommand(['manifests', '.'], { cwd: testFolder({ 'README.md': 'x' }) });
    const broken = await runCommand(['manifests', '.'], {
      cwd: testFolder({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n' }),
    });

    expect([none.status, none.stdout]).toEqual([0, expect.stringContaining('Nothing found.')]);
    expect([broken.status, broken.stdout]).toEqual([3, expect.stringContaining('Could not look: a.yaml')]);
  });

  it('prints fixes as one patch in which nothing is set twice', async () => {
    const cwd = testFolder({ 'pod.yaml': pod });

    const patch = await runCommand(['manifests', '.', '--fix', '--unsafe-fixes'], { cwd });
    await runCommand(['manifests', '.', '--fix', '--unsafe-fixes', '--write'], { cwd });

    expect(patch.stdout).toContain('-        privileged: true\n+        privileged: false\n');
    const fixed = readFileSync(join(cwd, 'pod.yaml'), 'utf8');
    expect(fixed).toContain('    - name: web # the only one\n');
    expect(fixed.match(/securityContext:/g)).toHaveLength(2);
    expect(fixed.match(/readOnlyRootFilesystem: true/g)).toHaveLength(1);
    const again = await runCommand(['manifests', '.', '--fix', '--unsafe-fixes'], { cwd });
    expect(again.stdout).toBe('');
  });

  it('leaves fixes that may break a workload out unless they are asked for', async () => {
    const { stdout, stderr } = await runCommand(['manifests', '.', '--fix'], { cwd: testFolder({ 'pod.yaml': pod }) });

    expect(stdout).toBe('');
    expect(stderr).toContain('0 fixes in 0 files');
  });

  it('shows how secrets are managed', async () => {
    const sealed = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a, namespace: shop }\n';
    const cwd = testFolder({ 'pod.yaml': pod, 'sealed.yaml': sealed });

    const table = await runCommand(['manifests', '.', '--secrets-management'], { cwd });
    const json = await runCommand(['manifests', '.', '--secrets-management', '--format', 'json'], { cwd });

    expect(table.status).toBe(1);
    expect(table.stdout).toMatch(/shop +static +50 % +1 +1 +0 +0 +0 +0 \/ 0 +Sealed Secrets/);
    expect(table.stdout).toContain('-> encrypted-in-git: Seal DB_PASSWORD of Pod shop/web with kubeseal');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'landwaiter.manifests/v1',
      secretsManagement: { adoption: [{ namespace: 'shop', level: 'static' }] },
    });
  });

  it('lets helm render when asked', async () => {
    const cwd = testFolder({
      'chart/Chart.yaml': 'name: web\n',
      'chart/templates/a.yaml': 'apiVersion: v1\nkind: Pod\nspec: { containers: [] }\n',
    });
    const script = `#!/bin/sh\nprintf '%s\\n' '# Source: web/templates/a.yaml' 'apiVersion: v1' 'kind: Pod' 'spec: { hostNetwork: true, containers: [] }'\n`;
    mkdirSync(join(cwd, 'bin'));
    writeFileSync(join(cwd, 'bin/helm'), script);
    chmodSync(join(cwd, 'bin/helm'), 0o755);
    const environment = { PATH: `${join(cwd, 'bin')}:/usr/bin:/bin` };

    const own = await runCommand(['manifests', '.'], { cwd, environment });
    const rendered = await runCommand(['manifests', '.', '--render'], { cwd, environment });

    expect(own.stdout).not.toContain('host-network');
    expect(rendered.stdout).toMatch(/host-network .* chart\/templates\/a\.yaml/);
  });

  it.each([
    [['manifests', 'a', 'b'], 'one target'],
    [['manifests', '.', '--format', 'xml'], 'no format "xml"'],
  ])('refuses %j', async (words, message) => {
    const { status, stderr } = await runCommand(words, { cwd: testFolder({ x: '' }) });

    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
