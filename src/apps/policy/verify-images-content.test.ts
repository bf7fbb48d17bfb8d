// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { ecKeys } from '../../../test/support/signing/certificates.ts';
import { attach, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { imagePolicy, judge, lookupsOf, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';
import type { AdmissionPhase } from '../../policy/engine.ts';
import type { PolicySet, SetOutcome } from '../../policy/policy-set.ts';

closeAfterEach();

const image = imageOf({ layers: ['the program'] });
const other = imageOf({ layers: ['another program'] });
const keys = ecKeys();
const strangers = ecKeys();
const named = `registry.example/${repository}:v1`;
const pinned = `${named}@${image.digest}`;
const entries = [{ keys: { publicKeys: publicPem(keys), rekor: { ignoreTlog: true } } }];
const byKey = { attestors: [{ entries }] };
const scan = 'https://cosign.sigstore.dev/attestation/vuln/v1';

async function signedRegistry(): Promise<TestRegistry> {
  const registry = await testRegistry();
  registry.put(repository, image, 'v1');
  await signOlder(writable(registry), image, { keys });
  return registry;
}

/** Judges in one phase, as a webhook does, until everything is looked up. */
async function judgePhase(
  registry: TestRegistry,
  set: PolicySet,
  object: JsonObject,
  phase: AdmissionPhase,
): Promise<SetOutcome> {
  const lookups = lookupsOf(registry);
  const cluster = { objects: () => [], namespace: () => undefined };
  for (;;) {
    const outcome = set.judge(requestFor(object, 'CREATE'), { phase, cluster, provider: { ...noData, ...lookups } });
    if (!(await lookups.settle())) return outcome;
  }
}

function outcomes({ decisions }: SetOutcome): readonly string[] {
  return decisions.map(({ outcome, effect }) => `${outcome} ${effect}`);
}

describe('digests', () => {
  it('are put in while the object is changed, and judged when everybody has changed it', async () => {
    const registry = await signedRegistry();
    const set = setOf([imagePolicy(byKey)]);

    const changed = await judgePhase(registry, set, podWith(named), 'mutate');
    const after = await judgePhase(registry, set, changed.object ?? {}, 'validate');

    expect(changed.decisions).toEqual([]);
    expect(changed.patch).toEqual([{ op: 'replace', path: '/spec/containers/0/image', value: pinned }]);
    expect(outcomes(after)).toEqual(['pass deny']);
  });

  it('are missed where nobody put them in', async () => {
    const registry = await signedRegistry();
    const verdict = async (entry: JsonObject): Promise<readonly string[]> =>
      outcomes(await judgePhase(registry, setOf([imagePolicy({ ...byKey, ...entry })]), podWith(named), 'validate'));

    expect(await verdict({})).toEqual(['fail deny']);
    expect(await verdict({ mutateDigest: false })).toEqual(['fail deny']);
    expect(await verdict({ mutateDigest: false, verifyDigest: false })).toEqual(['pass deny']);
  });

  it('stay out where mutateDigest is false', async () => {
    const entry = { ...byKey, mutateDigest: false, verifyDigest: false };

    const judged = await judge(await signedRegistry(), setOf([imagePolicy(entry)]), podWith(named));

    expect(judged.images).toEqual([named]);
  });

  it('are put in without any attestors', async () => {
    const judged = await judge(await signedRegistry(), setOf([imagePolicy({})]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([pinned]);
  });

  it('are not put in by policies that only report', () => {
    const audit = { spec: { validationFailureAction: 'Audit' } };

    expect(setOf([imagePolicy(byKey, audit)]).problems[0]?.message).toContain('mutateDigest must be false');
    expect(setOf([imagePolicy({ ...byKey, mutateDigest: false }, audit)]).problems).toEqual([]);
  });

  it('are those of the templates of controllers too', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'shop' },
      spec: { template: { spec: podWith(named)['spec'] } },
    };

    const { patch } = await judgePhase(await signedRegistry(), setOf([imagePolicy(byKey)]), deployment, 'both');

    expect(patch).toEqual([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: pinned }]);
  });
});

describe('required: false', () => {
  it('judges while the object is changed, and not again', async () => {
    const registry = await signedRegistry();
    const stranger = {
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(strangers), rekor: { ignoreTlog: true } } }] }],
    };
    const set = setOf([imagePolicy({ ...stranger, required: false, verifyDigest: false })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'mutate'))).toEqual(['fail deny']);
    expect(outcomes(await judgePhase(registry, set, podWith(named), 'validate'))).toEqual([]);
    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual(['fail deny']);
  });
});

describe('images', () => {
  it('are those that imageReferences name, but for those that skipImageReferences name', async () => {
    const entry = { ...byKey, imageReferences: ['registry.example/team/*'], skipImageReferences: ['*/legacy:*'] };
    const registry = await signedRegistry();

    const set = setOf([imagePolicy(entry)]);

    expect((await judge(registry, set, podWith('registry.example/team/legacy:v1'))).lines[0]).toMatch(/^skip /);
    expect((await judge(registry, set, podWith('elsewhere.example/team/app:v1'))).lines[0]).toMatch(/^skip /);
    expect((await judge(registry, set, podWith(named, 'registry.example/team/none:v1'))).lines[0]).toMatch(/^error /);
  });

  it('that have a tag and a digest are named by either', async () => {
    const registry = await signedRegistry();
    const set = setOf([imagePolicy({ ...byKey, imageReferences: ['*:v1'] })]);

    expect((await judge(registry, set, podWith(named))).lines[0]).toMatch(/^pass /);
    expect((await judge(registry, set, podWith(pinned))).lines[0]).toMatch(/^pass /);
    const bare = pinned.replace(':v1', '');
    expect((await judge(registry, set, podWith(bare))).lines[0]).toMatch(/^skip /);
  });

  it('that are no names are an error', async () => {
    const { lines } = await judge(await signedRegistry(), setOf([imagePolicy(byKey)]), podWith('UPPER//case'));

    expect(lines).toEqual([expect.stringMatching(/^error .*no name of an image/)]);
  });

  it('are found in other kinds by imageExtractors', async () => {
    const task = {
      apiVersion: 'tekton.dev/v1',
      kind: 'Task',
      metadata: { name: 't' },
      spec: { steps: [{ name: 's', image: named }] },
    };
    const rule = {
      match: { any: [{ resources: { kinds: ['Task'] } }] },
      imageExtractors: { Task: [{ path: '/spec/steps/*/image' }] },
    };
    const byValue = { ...rule, imageExtractors: { Task: [{ path: '/spec/steps/*', value: 'image', key: 'name' }] } };
    const registry = await signedRegistry();

    for (const each of [rule, byValue]) {
      const { patch } = await judgePhase(registry, setOf([imagePolicy(byKey, {}, each)]), task, 'both');

      expect(patch).toEqual([{ op: 'replace', path: '/spec/steps/0/image', value: pinned }]);
    }
  });

  it('that are taken out of a text cannot be changed', async () => {
    const object = {
      apiVersion: 'x.example/v1',
      kind: 'Disk',
      metadata: { name: 'd' },
      spec: { url: `docker://${named}` },
    };
    const rule = {
      match: { any: [{ resources: { kinds: ['Disk'] } }] },
      imageExtractors: { Disk: [{ path: '/spec/url', jmesPath: "trim_prefix(@, 'docker://')" }] },
    };

    expect(setOf([imagePolicy(byKey, {}, rule)]).problems[0]?.message).toContain('mutateDigest: false');

    const entry = { ...byKey, mutateDigest: false, verifyDigest: false };
    const outcome = await judgePhase(await signedRegistry(), setOf([imagePolicy(entry, {}, rule)]), object, 'both');
    expect(outcomes(outcome)).toEqual(['pass deny']);
  });

  it('are not judged when they are deleted', async () => {
    const set = setOf([imagePolicy(byKey)]);
    const request = requestFor(podWith(named), 'DELETE');

    const cluster = { objects: () => [], namespace: () => undefined };
    expect(set.judge(request, { cluster, provider: noData }).decisions).toEqual([]);
  });
});

describe('attestations', () => {
  const attestation = (more: JsonObject = {}) => ({
    type: scan,
    attestors: [{ entries }],
    conditions: [{ all: [{ key: '{{ critical }}', operator: 'Equals', value: 0 }] }],
    ...more,
  });
  const attested = async (...predicates: readonly unknown[]): Promise<TestRegistry> => {
    const registry = await signedRegistry();
    for (const predicate of predicates)
      await signNewer(writable(registry), image, { keys, predicateType: scan, predicate });
    return registry;
  };
  const lineOf = async (registry: TestRegistry, entry: JsonObject): Promise<string> =>
    (await judge(registry, setOf([imagePolicy(entry)]), podWith(named))).lines.join(' ');

  it('must be there, and all must meet the conditions', async () => {
    expect(await lineOf(await attested(), { attestations: [attestation()] })).toMatch(
      /^fail .*there is no attestation/,
    );
    expect(await lineOf(await attested({ critical: 0 }), { attestations: [attestation()] })).toMatch(/^pass /);
    const mixed = await attested({ critical: 0 }, { critical: 3 });
    expect(await lineOf(mixed, { attestations: [attestation()] })).toMatch(/^fail .*conditions/);
  });

  it('by strangers neither help nor hurt', async () => {
    const registry = await attested({ critical: 0 });
    await signNewer(writable(registry), image, { keys: strangers, predicateType: scan, predicate: { critical: 9 } });

    expect(await lineOf(registry, { attestations: [attestation()] })).toMatch(/^pass /);
  });

  it('are known by predicateType as well', async () => {
    const older = attestation({ predicateType: scan, type: undefined });

    expect(await lineOf(await attested({ critical: 0 }), { attestations: [older] })).toMatch(/^pass /);
  });

  it('are held against each other by name', async () => {
    const registry = await attested({ critical: 0, of: 'sha' });
    const entry = (value: string) => ({
      attestations: [attestation({ name: 'scan' })],
      validate: {
        message: 'made for another build',
        deny: { conditions: { any: [{ key: '{{ scan.of }}', operator: 'NotEquals', value }] } },
      },
    });

    expect(await lineOf(registry, entry('sha'))).toMatch(/^pass /);
    expect(await lineOf(registry, entry('other'))).toMatch(/^fail .*made for another build/);
  });

  it('beside an older key are asked of that key', async () => {
    const registry = await signedRegistry();
    await attach(writable(registry), image, imageBundle(image, scan));
    const policy = (): JsonObject =>
      imagePolicy(
        { key: publicPem(keys), attestations: [{ type: scan }] },
        { metadata: { annotations: { 'landwaiter.dev/require-transparency-log': 'false' } } },
      );

    const before = await judge(registry, setOf([policy()]), podWith(named));
    await signNewer(writable(registry), image, { keys, predicateType: scan });
    const after = await judge(registry, setOf([policy()]), podWith(named));

    expect(before.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(after.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('without attestors are taken from anybody, and that is told', async () => {
    const registry = await signedRegistry();
    await attach(writable(registry), image, imageBundle(image, scan));
    const set = setOf([imagePolicy({ ...byKey, attestations: [{ type: scan }] })]);

    expect(set.problems[0]).toMatchObject({ hidesFindings: false });
    expect((await judge(registry, set, podWith(named))).lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('that could not be read may be the ones that fail', async () => {
    const registry = await attested({ critical: 0 }, { critical: 0, again: true });
    const [, second] = [...registry.repository(repository).blobs].filter(([, bytes]) => bytes.includes('dsseEnvelope'));
    registry.fail({ path: new RegExp(second?.[0] ?? 'none'), effect: { kind: 'answer', status: 403 } });

    expect(await lineOf(registry, { attestations: [attestation()] })).toMatch(/^error /);
  });
});

describe('registries', () => {
  it.each([
    ['down', { kind: 'cut', bytes: -1 } as const],
    ['throttling', { kind: 'answer', status: 429 } as const],
    ['broken', { kind: 'answer', status: 500 } as const],
    ['closed', { kind: 'answer', status: 401 } as const],
  ])('that are %s make an error and never a pass', async (_, effect) => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^error /)]);
    expect(judged.images).toEqual([named]);
  });

  it('that nobody asks make an error', () => {
    const cluster = { objects: () => [], namespace: () => undefined };
    const { decisions } = setOf([imagePolicy(byKey)]).judge(requestFor(podWith(named), 'CREATE'), {
      cluster,
      provider: noData,
    });

    expect(decisions).toMatchObject([{ outcome: 'error', effect: 'deny' }]);
  });

  it('are let off by failurePolicy Ignore, with the error told', async () => {
    const registry = await signedRegistry();
    registry.fail({ path: /./, effect: { kind: 'answer', status: 500 } });
    const set = setOf([imagePolicy(byKey, { spec: { failurePolicy: 'Ignore' } })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual(['error audit']);
  });

  it('tell of failures and errors of one object apart', async () => {
    const registry = await signedRegistry();
    registry.put('team/unsigned', other, 'v1');
    const set = setOf([imagePolicy(byKey)]);
    const object = podWith('registry.example/team/unsigned:v1', 'registry.example/team/none:v1');

    expect(outcomes(await judgePhase(registry, set, object, 'both'))).toEqual(['fail deny', 'error deny']);
  });

  it('that move a tag meanwhile change nothing: what was verified is what is pinned (CVE-2022-47633)', async () => {
    const registry = await signedRegistry();
    registry.put(repository, other);
    const move = () => void registry.repository(repository).tags.set('v1', other.digest);
    registry.fail({ path: /manifests\/v1/, after: 1, effect: { kind: 'meanwhile', run: move } });

    const judged = await judge(
      registry,
      setOf([imagePolicy(byKey), { ...imagePolicy(byKey), metadata: { name: 'again' } }]),
      podWith(named),
    );

    expect(judged.images).toEqual([pinned]);
    expect(registry.asked(/manifests\/v1/)).toHaveLength(1);
  });

  it('that name another digest than that of their bytes are not believed (CVE-2023-47630)', async () => {
    const registry = await signedRegistry();
    registry.repository(repository).manifests.set(other.digest, { bytes: image.bytes, mediaType: image.mediaType });
    const headers = { 'docker-content-digest': other.digest };
    registry.fail({ path: /manifests\/v1/, effect: { kind: 'headers', headers } });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.images.join(' ')).not.toContain(other.digest);
  });

  it('that give another image for a digest are not believed', async () => {
    const registry = await signedRegistry();
    registry.fail({
      path: new RegExp(`manifests/${image.digest}`),
      effect: { kind: 'body', change: () => other.bytes },
    });

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(pinned));

    expect(judged.lines).toEqual([expect.stringMatching(/^error /)]);
  });

  it('get the credentials that the policy and the Pod name', async () => {
    const registry = await signedRegistry();
    const config = (user: string) =>
      JSON.stringify({ auths: { 'registry.example': { username: user, password: 'p' } } });
    const secret = (namespace: string, name: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      stringData: { '.dockerconfigjson': config(`${namespace}/${name}`) },
    });
    const asked: string[] = [];
    const lookups = lookupsOf(registry);
    const provider = {
      ...noData,
      objects: () => ({
        kind: 'found' as const,
        value: [secret('kyverno', 'pull'), secret('team', 'pull'), secret('shop', 'own')],
      }),
      imageSignature: (demand: Parameters<typeof lookups.imageSignature>[0]) => {
        asked.push(...demand.sources.flatMap(({ credentials }) => credentials));
        return { kind: 'pending' as const };
      },
    };
    const pod = podWith(named);
    const object = { ...pod, spec: { ...(pod['spec'] as JsonObject), imagePullSecrets: [{ name: 'own' }] } };
    const set = setOf([imagePolicy({ ...byKey, imageRegistryCredentials: { secrets: ['pull', 'team/pull'] } })]);

    const cluster = { objects: () => [], namespace: () => undefined };
    set.judge(requestFor(object, 'CREATE'), { phase: 'validate', cluster, provider });

    expect(asked).toEqual(['kyverno/pull', 'team/pull', 'shop/own'].map(config));
  });
});

describe('rules', () => {
  it.each([
    ['an entry enforces', { failureAction: 'Enforce' }, 'Audit', 'fail deny'],
    ['an entry only reports', { failureAction: 'Audit', mutateDigest: false }, 'Enforce', 'fail audit'],
    ['the policy only reports', { mutateDigest: false }, 'Audit', 'fail audit'],
  ])('refuse when %s', async (_, entry, action, expected) => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    const set = setOf([imagePolicy({ ...byKey, ...entry }, { spec: { validationFailureAction: action } })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual([expected]);
  });

  it('find their key in a ConfigMap', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'keys', namespace: 'default' },
      data: { app: publicPem(keys) },
    };
    const entry = {
      attestors: [{ entries: [{ keys: { publicKeys: '{{ keys.data.app }}', rekor: { ignoreTlog: true } } }] }],
    };
    const context = [{ name: 'keys', configMap: { name: 'keys', namespace: 'default' } }];
    const set = setOf([imagePolicy(entry, {}, { context })]);
    const registry = await signedRegistry();

    expect((await judge(registry, set, podWith(named), [map])).lines).toEqual([expect.stringMatching(/^pass /)]);
    const wrong = { ...map, data: { app: 'nothing' } };
    expect((await judge(registry, set, podWith(named), [wrong])).lines).toEqual([
      expect.stringMatching(/^error .*not a public key/),
    ]);
  });

  it('are skipped by exceptions', async () => {
    const exception = {
      apiVersion: 'kyverno.io/v2',
      kind: 'PolicyException',
      metadata: { name: 'x', namespace: 'shop' },
      spec: {
        exceptions: [{ policyName: 'images', ruleNames: ['signed'] }],
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
      },
    };
    const judged = await judge(await testRegistry(), setOf([imagePolicy(byKey), exception]), podWith(named));

    expect(judged.lines.map((line) => line.split(' ')[0])).toContain('skip');
    expect(judged.lines.filter((line) => /^(?:fail|error)/.test(line))).toEqual([]);
  });

  it('of one namespace read Secrets of that namespace only', () => {
    const policy = (entry: JsonObject): JsonObject => ({
      ...imagePolicy(entry, { metadata: { name: 'images', namespace: 'shop' } }),
      kind: 'Policy',
    });
    const secret = (namespace: string) => ({
      attestors: [{ entries: [{ keys: { publicKeys: `k8s://${namespace}/key` } }] }],
    });

    expect(setOf([policy(secret('shop'))]).problems).toEqual([]);
    expect(setOf([policy(secret('kube-system'))]).problems[0]?.message).toContain('that namespace only');
    const credentials = { ...byKey, imageRegistryCredentials: { secrets: ['kube-system/pull'] } };
    expect(setOf([policy(credentials)]).problems[0]?.message).toContain('that namespace only');
  });

  it.each([
    ['without images', { imageReferences: [], ...byKey }, 'must name images'],
    ['with an empty set', { attestors: [{ entries: [] }] }, 'must name somebody'],
    ['with a count that nobody can meet', { attestors: [{ count: 2, entries }] }, 'there are 1 entries'],
    ['with an entry of two kinds', { attestors: [{ entries: [{ ...entries[0], keyless: {} }] }] }, 'exactly one of'],
    ['with attestors beside a key', { key: publicPem(keys), ...byKey }, 'cannot stand beside'],
    [
      'with a certificate for a key',
      { key: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'not a public key',
    ],
    ['with an unknown member', { ...byKey, mutateDigst: true }, 'unknown field "mutateDigst"'],
    ['with an attestation of no type', { attestations: [{ attestors: [{ entries }] }] }, 'type is required'],
    [
      'with an unknown extension',
      { attestors: [{ entries: [{ keyless: { additionalExtensions: { x: 'y' } } }] }] },
      'no extension',
    ],
    [
      'with a log key that is none',
      { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor: { pubkey: 'x' } } }] }] },
      'not a public key',
    ],
  ])('%s are refused', (_, entry, message) => {
    expect(
      setOf([imagePolicy(entry)])
        .problems.map((problem) => problem.message)
        .join(' '),
    ).toContain(message);
  });

  it('have no older fields in v2beta1', () => {
    const policy = { ...imagePolicy({ key: publicPem(keys) }), apiVersion: 'kyverno.io/v2beta1' };

    expect(setOf([policy]).problems[0]?.message).toContain('unknown field "key"');
  });

  it('that must not be remembered say so to whoever looks up', () => {
    const asked: unknown[] = [];
    const provider = {
      ...noData,
      imageSignature: (demand: { readonly remembered?: 'never' }) => {
        asked.push(demand.remembered);
        return { kind: 'pending' as const };
      },
    };
    const cluster = { objects: () => [], namespace: () => undefined };
    for (const useCache of [true, false])
      setOf([imagePolicy({ ...byKey, useCache })]).judge(requestFor(podWith(named), 'CREATE'), {
        phase: 'validate',
        cluster,
        provider,
      });

    expect(asked).toEqual([undefined, 'never']);
  });
});
