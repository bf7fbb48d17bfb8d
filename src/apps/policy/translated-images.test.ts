// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { imageOf, referrerOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import { ecKeys } from '../../../test/support/signing/certificates.ts';
import { attach, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { envelope, root as notationRoot, signer as notationSigner } from '../../../test/support/signing/notation.ts';
import { subject } from '../../../test/support/signing/sigstore.ts';
import {
  certificatePem,
  image,
  keys,
  named,
  noLog,
  pinned,
  registryWith,
  strangers,
} from '../../../test/support/verified-image.ts';
import { documents, imagePolicy, lookupsOf, podWith } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { evaluatePolicy } from '../../policy/kyverno/engine.ts';
import { compilePolicy } from '../../policy/kyverno/policy.ts';
import { Queries } from '../../policy/kyverno/queries.ts';
import { translatePolicy } from '../../policy/kyverno/translate/translate-policy.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';
import { knownObjectsProvider } from './known-objects.ts';
import { translationDifferences } from './translation-proof.ts';

closeAfterEach();

const queries = new Queries({ now: () => 0, random: () => 0, addressesOf: () => undefined });

interface Proved {
  /** Of the original, for each object: `pass`, `fail`, `error` or `skip`. */
  readonly said: readonly string[];
  readonly differences: readonly unknown[];
  readonly refusals: readonly string[];
}

/** Both judge the objects until everything is looked up. */
async function proved(
  registry: TestRegistry,
  policy: JsonObject,
  objects: readonly JsonObject[],
  known: readonly JsonObject[] = [],
): Promise<Proved> {
  const [source] = documents(JSON.stringify(policy));
  if (source === undefined) throw new Error('no policy');
  const translation = translatePolicy(source.object);
  const compiled = compilePolicy(source, queries).policy;
  if (compiled === undefined) throw new Error('the original does not compile');
  const lookups = lookupsOf(registry);
  const data = { ...knownObjectsProvider({ objects: () => known, knowledge: 'complete' }), ...lookups };
  const cases = objects.map((object) => ({ request: { operation: 'CREATE', object } }));
  for (;;) {
    const differences = translationDifferences(source, translation, { queries, data, cases });
    const said = objects.map(
      (object) =>
        evaluatePolicy(compiled, { operation: 'CREATE', object, oldObject: undefined }, { queries, data })[0]?.status ??
        'nothing',
    );
    if (!(await lookups.settle()))
      return {
        said,
        differences: differences.filter(({ kind }) => kind === 'differs'),
        refusals: translation.refusals.map(({ reason }) => reason),
      };
  }
}

const unsigned = imageOf({ layers: ['nobody signed this'] });
const byStranger = imageOf({ layers: ['a stranger signed this'] });
const host = 'registry.example';

async function everyImage(): Promise<TestRegistry> {
  const registry = await registryWith(async (it) => {
    await signOlder(writable(it), image, { keys });
    await attach(writable(it), image, imageBundle(image));
    it.put('team/unsigned', unsigned, 'v1');
    it.put('team/stranger', byStranger, 'v1');
    await signNewer(writable(it, 'team/stranger'), byStranger, { keys: strangers });
  });
  return registry;
}

const pods = [
  podWith(named),
  podWith(pinned),
  podWith(`${host}/team/unsigned:v1`),
  podWith(`${host}/team/stranger:v1`),
  podWith(named, `${host}/team/unsigned:v1`),
  podWith(`${host}/team/gone:v1`),
  podWith('elsewhere.example/team/app:v1'),
];
const entry = (pair = keys) => ({ keys: { publicKeys: publicPem(pair), ...noLog } });
const references = { imageReferences: [`${host}/*`] };
const third = ecKeys();

describe('verifyImages rules carried over to ImageValidatingPolicies', () => {
  it.each([
    ['a key', { attestors: [{ entries: [entry()] }] }, ['pass', 'pass', 'fail', 'fail', 'fail', 'error', 'skip']],
    ['an older key', { image: `${host}/*`, imageReferences: undefined, key: publicPem(keys) }, undefined],
    ['one of two keys', { attestors: [{ count: 1, entries: [entry(), entry(third)] }] }, undefined],
    ['both of two keys', { attestors: [{ entries: [entry(), entry(third)] }] }, undefined],
    [
      'several keys in one text',
      { attestors: [{ count: 1, entries: [{ keys: { publicKeys: publicPem(keys) + publicPem(third), ...noLog } }] }] },
      undefined,
    ],
    ['two sets', { attestors: [{ entries: [entry()] }, { entries: [entry(strangers)] }] }, undefined],
    [
      'a nested set',
      {
        attestors: [
          { count: 1, entries: [entry(third), { attestor: { count: 1, entries: [entry(strangers), entry()] } }] },
        ],
      },
      undefined,
    ],
    [
      'two of three with a nested set',
      { attestors: [{ count: 2, entries: [entry(third), entry(), { attestor: { entries: [entry()] } }] }] },
      undefined,
    ],
    [
      'a keyless glob',
      {
        attestors: [
          { entries: [{ keyless: { subject: 'https://github.com/owner/*', issuer: 'https://token.example' } }] },
        ],
      },
      undefined,
    ],
    ['a keyless name', { attestors: [{ entries: [{ keyless: { subject, issuerRegExp: 'token' } }] }] }, undefined],
    ['another name', { attestors: [{ entries: [{ keyless: { subject: 'nobody', issuer: '*' } }] }] }, undefined],
    [
      'roots of its own',
      {
        attestors: [
          {
            entries: [
              {
                keyless: {
                  subject: '*',
                  issuer: '*',
                  roots: certificatePem(world.intermediate) + certificatePem(world.root),
                },
              },
            ],
          },
        ],
      },
      undefined,
    ],
    [
      'another log',
      {
        attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor: { pubkey: publicPem(strangers) } } }] }],
      },
      undefined,
    ],
    ['annotations', { attestors: [{ entries: [{ ...entry(), annotations: { env: 'production' } }] }] }, undefined],
    ['another repository', { repository: `${host}/team/none`, attestors: [{ entries: [entry()] }] }, undefined],
    ['tags left alone', { mutateDigest: false, verifyDigest: false, attestors: [{ entries: [entry()] }] }, undefined],
    ['digests that must be there', { mutateDigest: false, attestors: [{ entries: [entry()] }] }, undefined],
    ['nobody in particular', {}, undefined],
    [
      'images to pass over',
      { skipImageReferences: [`${host}/team/unsigned:*`], attestors: [{ entries: [entry()] }] },
      undefined,
    ],
    [
      'references by tag',
      { imageReferences: [`${host}/team/app:v1`, '*/team/stranger*'], attestors: [{ entries: [entry()] }] },
      undefined,
    ],
    ['every image', { imageReferences: ['*'], attestors: [{ entries: [entry()] }] }, undefined],
  ])('judge alike with %s', async (_, more, expected) => {
    const { said, differences, refusals } = await proved(
      await everyImage(),
      imagePolicy({ ...references, ...more }),
      pods,
    );

    expect(refusals).toEqual([]);
    expect(differences).toEqual([]);
    if (expected !== undefined) expect(said).toEqual(expected);
  });

  it('are held against the original: another key is told', async () => {
    const registry = await everyImage();
    const [source] = documents(JSON.stringify(imagePolicy({ ...references, attestors: [{ entries: [entry()] }] })));
    const other = translatePolicy(imagePolicy({ ...references, attestors: [{ entries: [entry(strangers)] }] }));
    const lookups = lookupsOf(registry);
    const data = { ...knownObjectsProvider({ objects: () => [], knowledge: 'complete' }), ...lookups };
    const cases = pods.map((object) => ({ request: { operation: 'CREATE', object } }));
    const differences = () =>
      source === undefined ? [] : translationDifferences(source, other, { queries, data, cases });

    while ((differences(), await lookups.settle()));

    expect(
      differences()
        .filter(({ kind }) => kind === 'differs')
        .map(({ original, translated }) => [original, translated].map((text) => text.split(':')[0])),
    ).toEqual([
      ['pass', 'fail'],
      ['pass', 'fail'],
      ['fail', 'pass'],
    ]);
  });

  it('are not compared where nobody can look', () => {
    const [source] = documents(JSON.stringify(imagePolicy({ ...references, attestors: [{ entries: [entry()] }] })));
    if (source === undefined) throw new Error('no policy');
    const data = knownObjectsProvider({ objects: () => [], knowledge: 'complete' });
    const cases = [{ request: { operation: 'CREATE', object: podWith(named) } }];

    const differences = translationDifferences(source, translatePolicy(source.object), { queries, data, cases });

    expect(differences).toMatchObject([
      { kind: 'not-compared', original: expect.stringContaining('--registry') as string },
    ]);
  });

  it('judge what makes Pods alike', async () => {
    const spec = { template: { spec: { containers: [{ name: 'c', image: named }] } } };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'shop' }, spec };
    const bad = {
      ...deployment,
      spec: { template: { spec: { containers: [{ name: 'c', image: `${host}/team/unsigned:v1` }] } } },
    };
    const policy = imagePolicy({ ...references, attestors: [{ entries: [entry()] }] });

    expect((await proved(await everyImage(), policy, [deployment, bad])).differences).toEqual([]);
  });

  it('judge several entries of a rule alike, each as a policy', async () => {
    const entries = [
      { imageReferences: [`${host}/team/app*`], attestors: [{ entries: [entry()] }] },
      { imageReferences: [`${host}/team/stranger*`], attestors: [{ entries: [entry(strangers)] }] },
    ];
    const policy = imagePolicy({}, {}, { verifyImages: entries });

    expect(translatePolicy(policy).policies.map(({ object }) => (object['metadata'] as JsonObject)['name'])).toEqual([
      'images-1',
      'images-2',
    ]);
    expect((await proved(await everyImage(), policy, pods)).differences).toEqual([]);
  });

  it('judge attestations without conditions alike', async () => {
    const scan = 'https://cosign.sigstore.dev/attestation/vuln/v1';
    const registry = await everyImage();
    const attestations = [{ type: scan, attestors: [{ entries: [entry()] }] }];
    const policy = imagePolicy({ ...references, attestations });

    const before = await proved(registry, policy, pods);
    await signNewer(writable(registry), image, { keys, predicateType: scan, predicate: {} });
    const after = await proved(registry, policy, pods);

    expect([before.differences, after.differences]).toEqual([[], []]);
    expect([before.said[0], after.said[0]]).toEqual(['fail', 'pass']);
  });

  it('judge signatures and artifacts of the Notary Project alike', async () => {
    const sbom = 'application/vnd.cyclonedx+json';
    const artifact = referrerOf(image, '{"bomFormat":"CycloneDX"}', sbom);
    const registry = await everyImage();
    const sign = async (target: typeof image): Promise<void> => {
      const { mediaType, digest, size } = target;
      await attachNotation(writable(registry), {
        subject: target,
        envelope: envelope('jws', { target: { mediaType, digest, size, annotations: new Map() } }),
        mediaType: envelopeMediaTypes.jws,
        certificates: [notationSigner.certificate.encoded, notationRoot.certificate.encoded],
        createdAt: '2026-03-01T12:00:00Z',
      });
    };
    const attestors = [{ entries: [{ certificates: { cert: certificatePem(notationRoot) } }] }];
    const policy = imagePolicy({ ...references, type: 'Notary', attestors, attestations: [{ type: sbom, attestors }] });
    registry.put(repository, artifact);

    const unsignedArtifact = await proved(registry, policy, pods);
    await sign(image);
    await sign(artifact);
    const signed = await proved(registry, policy, pods);

    expect([unsignedArtifact, signed].map(({ differences }) => differences)).toEqual([[], []]);
    expect([unsignedArtifact.said[0], signed.said[0], signed.said[2]]).toEqual(['fail', 'pass', 'fail']);
  });

  it('read keys from context entries and Secrets alike', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'keys', namespace: 'default' },
      data: { pub: publicPem(keys) },
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'signer', namespace: 'security' },
      stringData: { 'cosign.pub': publicPem(keys) },
    };
    const withContext = imagePolicy(
      { ...references, attestors: [{ entries: [{ keys: { publicKeys: '{{ keys.data.pub }}', ...noLog } }] }] },
      {},
      { context: [{ name: 'keys', configMap: { name: 'keys', namespace: 'default' } }] },
    );
    const ofSecret = imagePolicy({
      ...references,
      attestors: [{ entries: [{ keys: { secret: { name: 'signer', namespace: 'security' }, ...noLog } }] }],
    });

    for (const policy of [withContext, ofSecret]) {
      const { said, differences, refusals } = await proved(await everyImage(), policy, pods, [map, secret]);
      expect(refusals).toEqual([]);
      expect(differences).toEqual([]);
      expect(said.slice(0, 3)).toEqual(['pass', 'pass', 'fail']);
    }
  });

  it('find images in objects of other kinds alike', async () => {
    const report = (...images: readonly string[]) => ({
      apiVersion: 'example.com/v1',
      kind: 'Report',
      metadata: { name: 'r', namespace: 'shop' },
      spec: { steps: images.map((each) => ({ image: each })), main: images[0] },
    });
    const rule = {
      match: { any: [{ resources: { kinds: ['example.com/v1/Report'] } }] },
      imageExtractors: { Report: [{ path: '/spec/steps/*/image' }, { path: '/spec/main' }] },
    };
    const policy = imagePolicy(
      { ...references, attestors: [{ entries: [entry()] }], mutateDigest: false, verifyDigest: false },
      {},
      rule,
    );

    const { said, differences, refusals } = await proved(await everyImage(), policy, [
      report(named),
      report(named, `${host}/team/unsigned:v1`),
      { ...report(), spec: {} },
    ]);

    expect(refusals).toEqual([]);
    expect(differences).toEqual([]);
    expect(said.slice(0, 2)).toEqual(['pass', 'fail']);
  });

  it.each([
    [
      { attestations: [{ type: 't', conditions: [{ all: [{ key: '{{ a }}', operator: 'Equals', value: 1 }] }] }] },
      'conditions on what attestations say',
    ],
    [{ validate: { deny: { conditions: { all: [] } } } }, 'validate.deny'],
    [
      {
        attestors: [
          { entries: [{ keyless: { subject: '*', issuer: '*', additionalExtensions: { githubWorkflowRef: 'x' } } }] },
        ],
      },
      'additionalExtensions',
    ],
    [{ attestors: [{ entries: [{ keyless: { subject: 'a', subjectRegExp: 'b' } }] }] }, 'subject beside subjectRegExp'],
    [{ imageRegistryCredentials: { secrets: ['other/pull'] } }, 'the Secret other/pull'],
    [{ repository: '{{ request.namespace }}/x' }, 'variables in verifyImages'],
  ])('are refused with the reason: %j', (more, reason) => {
    const { policies, refusals } = translatePolicy(imagePolicy({ ...references, ...more }));

    expect(policies).toEqual([]);
    expect(refusals).toEqual([{ rule: 'signed', reason: expect.stringContaining(reason) as unknown }]);
  });

  it('tell where they decide otherwise', () => {
    const policy = imagePolicy({
      ...references,
      type: 'SigstoreBundle',
      useCache: false,
      attestors: [{ entries: [entry()] }],
    });

    expect(translatePolicy(policy).remarks.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('older layout'),
        expect.stringContaining('useCache'),
        expect.stringContaining('pull Secrets'),
      ]),
    );
  });
});
