// SPDX-License-Identifier: Apache-2.0
// Kyverno's verifyImages rules by `policy apply --registry` and `admission replay --registry`, with an image that `sign` signed.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { originalPolicy } from '../../../test/support/original-policy.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = (keys.publicKey.export({ type: 'spki', format: 'pem' }) as string).trim();
const environment = { SIGNING_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };

const pod = `apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec: {containers: [{name: c, image: "your_registry.com/your_org/app:1"}]}
`;

const name = '/your_org/app';

/** A folder with the policy, and a registry that has the image under its name. */
async function signedImage() {
  const registry = await testRegistry();
  const image = imageOf();
  registry.put('your_org/app', image, '1');
  const conf = `[[registry]]\nprefix = "your_registry.com"\nlocation = "${registry.host}"\ninsecure = true\n`;
  const cwd = testFolder({ 'p.yaml': originalPolicy(publicPem), 'pod.yaml': pod, 'registries.conf': conf });
  const settings = { cwd, environment: { ...environment, CONTAINERS_REGISTRIES_CONF: `${cwd}/registries.conf` } };
  const signed = await runCommand(['sign', '--key', 'env://SIGNING_KEY', `${registry.host}${name}:1`], settings);
  expect(signed).toMatchObject({ status: 0 });
  return { cwd, settings, digest: image.digest };
}

describe('policy apply with verifyImages', () => {
  it.each([
    ['required', 1],
    ['not-asked', 0],
  ])('asks for the log as it is told: %s', async (word, status) => {
    const { settings } = await signedImage();

    const run = await runCommand(
      ['policy', 'apply', '--registry', '--key-transparency-log', word, 'p.yaml', '--resource', 'pod.yaml'],
      settings,
    );

    expect({ status: run.status, said: run.stdout + run.stderr }).toMatchObject({ status });
  });

  it('says where a placeholder stands for a key', async () => {
    const key = '-----BEGIN PUBLIC KEY-----\nput your key here\n-----END PUBLIC KEY-----';
    const cwd = testFolder({ 'p.yaml': originalPolicy(key), 'pod.yaml': pod });

    const run = await runCommand(['policy', 'apply', 'p.yaml', '--resource', 'pod.yaml'], { cwd, environment: {} });

    expect(run.status).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('not a public key');
  });
});

describe('policy apply with what an image says of itself', () => {
  const asking = {
    imageRegistry: `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: volumes}
spec:
  validationFailureAction: Enforce
  rules:
    - name: volumes
      match: {any: [{resources: {kinds: [Pod]}}]}
      context: [{name: data, imageRegistry: {reference: "{{ request.object.spec.containers[0].image }}"}}]
      validate:
        message: built for another machine
        deny: {conditions: {any: [{key: "{{ data.configData.architecture }}", operator: NotEquals, value: WANTED}]}}
`,
    GetMetadata: `apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: volumes}
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations:
    - expression: image.GetMetadata(object.spec.containers[0].image).config.architecture == "WANTED"
      message: built for another machine
`,
  };

  it.each(Object.entries(asking))('by %s was never looked up, even with --registry', async (_name, text) => {
    const registry = await testRegistry();
    registry.put('team/app', imageOf(), '1');
    const name = `${registry.host}/team/app:1`;
    const apply = async (wanted: string, ...flags: readonly string[]) => {
      const files = {
        'p.yaml': text.replace('WANTED', wanted),
        'pod.yaml': pod.replace(/image: "[^"]*"/, `image: "${name}"`),
      };
      const words = ['policy', 'apply', 'p.yaml', '-r', 'pod.yaml', '--insecure-registry', registry.host, ...flags];
      return runCommand(words, { cwd: testFolder(files), environment: {} });
    };

    const right = await apply('amd64', '--registry');
    const wrong = await apply('arm64', '--registry');
    const alone = await apply('amd64');

    expect([right.status, wrong.status, alone.status]).toEqual([0, 1, 3]);
    expect(wrong.stdout).toContain('built for another machine');
  });
});

describe('admission replay with verifyImages', () => {
  it.each([
    ['refuses nothing that is signed', ['--registry', '--key-transparency-log', 'not-asked'], 0],
    ['refuses what is not signed as is asked for', ['--registry'], 1],
    ['judges nothing where no registry is asked', [], 3],
  ])('%s', async (_, words, status) => {
    const { cwd, settings, digest } = await signedImage();
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: { containers: [{ name: 'c', image: `your_registry.com${name}@${digest}` }] },
    };
    const request = {
      uid: '1',
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'shop',
      object,
    };
    const decision = { id: '1', time: '2026-01-01T00:00:00Z', phase: 'validate', outcome: 'allowed', request };
    mkdirSync(join(cwd, 'log'));
    writeFileSync(join(cwd, 'log/decisions-00000001.jsonl'), `${JSON.stringify(decision)}\n`);

    const run = await runCommand(
      ['admission', 'replay', '--policies', 'p.yaml', '--decision-log', 'log', ...words],
      settings,
    );

    expect({ status: run.status, said: run.stdout + run.stderr }).toMatchObject({ status });
  });
});
