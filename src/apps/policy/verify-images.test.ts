// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import type { Issued } from '../../../test/support/signing/certificates.ts';
import {
  authorityExtensions,
  ecKeys,
  issue,
  namesExtension,
  pemOf,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import { attach, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import {
  envelope,
  root as notationRoot,
  signer as notationSigner,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import {
  makeLeaf,
  signedAt,
  statementBundle,
  statementOf,
  usualExtensions,
  year,
} from '../../../test/support/signing/sigstore.ts';
import { fromText, imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { signPredicateType } from '../signatures/attachment.ts';
import { attachNotation } from '../signatures/notation-attachment.ts';

closeAfterEach();

const validity = { notBefore: signedAt - year, notAfter: signedAt + year };
const stranger = issue({ subject: 'stranger', keys: ecKeys(), extensions: authorityExtensions(), ...validity });

function certificatePem({ certificate }: Issued): string {
  return pemOf('CERTIFICATE', certificate.encoded);
}

const image = imageOf({ layers: ['the program'] });
const keys = ecKeys();
const strangers = ecKeys();
const noLog = { rekor: { ignoreTlog: true } };

async function registryWith(sign?: (registry: TestRegistry) => Promise<void>): Promise<TestRegistry> {
  const registry = await testRegistry();
  registry.put(repository, image, 'v1');
  await sign?.(registry);
  return registry;
}

const named = `registry.example/${repository}:v1`;
const pinned = `${named}@${image.digest}`;
const byKey = { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), ...noLog } }] }] };

describe('the policy that everybody starts with', () => {
  const written = (key: string) => `
apiVersion: policy.kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: verify-image
spec:
  validationFailureAction: Enforce
  rules:
    - name: verify-image
      match:
        resources:
          kinds:
            - Pod
      verifyImages:
        - image: 'your_registry.com/your_org/*'
          key: |-
${key.trim().replaceAll(/^/gm, '            ')}
`;

  it('takes an image that the key signed, and pins what was verified', async () => {
    const registry = await testRegistry();
    registry.put('your_org/app', image, '1.0');
    await signOlder(writable(registry, 'your_org/app'), image, { keys, log: 'logged' });

    const judged = await judge(
      registry,
      fromText(written(publicPem(keys))),
      podWith('your_registry.com/your_org/app:1.0'),
    );

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([`your_registry.com/your_org/app:1.0@${image.digest}`]);
  });

  it.each([
    ['unsigned', undefined],
    ['signed by somebody else', { keys: strangers, log: 'logged' as const }],
    ['signed without an entry of the log', { keys }],
  ])('refuses an image that is %s', async (_, signing) => {
    const registry = await testRegistry();
    registry.put('your_org/app', image, '1.0');
    if (signing !== undefined) await signOlder(writable(registry, 'your_org/app'), image, signing);

    const judged = await judge(
      registry,
      fromText(written(publicPem(keys))),
      podWith('your_registry.com/your_org/app:1.0'),
    );

    expect(judged.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(judged.images).toEqual(['your_registry.com/your_org/app:1.0']);
  });

  it('says nothing of images of other registries', async () => {
    const judged = await judge(await registryWith(), fromText(written(publicPem(keys))), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^skip /)]);
  });

  it('warns of its apiVersion', () => {
    expect(fromText(written(publicPem(keys))).problems).toMatchObject([
      { hidesFindings: false, message: expect.stringContaining('read as kyverno.io/v1') as string },
    ]);
  });

  it('is refused with a clear word while its key is a placeholder', () => {
    const set = fromText(written('-----BEGIN PUBLIC KEY-----\nyour public key here\n-----END PUBLIC KEY-----'));

    expect(set.problems.filter(({ hidesFindings }) => hidesFindings)).toMatchObject([
      { message: expect.stringMatching(/verifyImages[.]0[.]key: not a public key/) as string },
    ]);
  });
});

describe('signatures by keys', () => {
  it.each(['older', 'newer'] as const)('count in the %s layout', async (layout) => {
    const sign = layout === 'older' ? signOlder : signNewer;
    const registry = await registryWith((it) => sign(writable(it), image, { keys }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([pinned]);
  });

  it.each(['older', 'newer'] as const)('of somebody else do not count in the %s layout', async (layout) => {
    const sign = layout === 'older' ? signOlder : signNewer;
    const registry = await registryWith((it) => sign(writable(it), image, { keys: strangers }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail .*SIGNATURE_INVALID/)]);
  });

  it('in the older layout do not count for SigstoreBundle', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));

    const judged = await judge(registry, setOf([imagePolicy({ ...byKey, type: 'SigstoreBundle' })]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('for another image do not count', async () => {
    const other = imageOf({ layers: ['another program'] });
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, digest: other.digest }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail .*ARTIFACT_MISMATCH/)]);
  });

  it('need the digest that the policy names', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, hash: 'sha512' }));
    const entry = (signatureAlgorithm: string) => ({
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), signatureAlgorithm, ...noLog } }] }],
    });

    const right = await judge(registry, setOf([imagePolicy(entry('sha512'))]), podWith(named));
    const wrong = await judge(registry, setOf([imagePolicy(entry('sha384'))]), podWith(named));
    const unknown = await judge(registry, setOf([imagePolicy(entry('sha224'))]), podWith(named));

    expect([right, wrong, unknown].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'fail', 'error']);
  });

  it('carry the annotations that are asked for themselves', async () => {
    const registry = await registryWith(async (it) => {
      await signOlder(writable(it), image, { keys });
      await signOlder(writable(it), image, { keys: strangers, annotations: { env: 'production' } });
    });
    const entry = {
      attestors: [
        { entries: [{ keys: { publicKeys: publicPem(keys), ...noLog }, annotations: { env: 'production' } }] },
      ],
    };

    const before = await judge(registry, setOf([imagePolicy(entry)]), podWith(named));
    await signOlder(writable(registry), image, { keys, annotations: { env: 'production' } });
    const after = await judge(registry, setOf([imagePolicy(entry)]), podWith(named));

    expect(before.lines).toEqual([expect.stringMatching(/^fail .*ANNOTATION_MISMATCH/)]);
    expect(after.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('are looked for in another repository, that of the entry before that of the rule', async () => {
    const registry = await registryWith((it) => signOlder(writable(it, 'team/signatures'), image, { keys }));
    const at = (repository: string | undefined) => ({
      repository: 'registry.example/team/signatures',
      attestors: [
        {
          entries: [
            { keys: { publicKeys: publicPem(keys), ...noLog }, ...(repository === undefined ? {} : { repository }) },
          ],
        },
      ],
    });

    const found = await judge(registry, setOf([imagePolicy(at(undefined))]), podWith(named));
    const elsewhere = await judge(registry, setOf([imagePolicy(at('registry.example/team/none'))]), podWith(named));

    expect(found.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(elsewhere.lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('are checked with a key from a Secret', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'signer', namespace: 'security' },
      data: { 'cosign.pub': Buffer.from(publicPem(keys)).toString('base64') },
    };
    const set = setOf([
      imagePolicy({ attestors: [{ entries: [{ keys: { publicKeys: 'k8s://security/signer', ...noLog } }] }] }),
    ]);

    expect((await judge(registry, set, podWith(named), [secret])).lines).toEqual([expect.stringMatching(/^pass /)]);
    expect((await judge(registry, set, podWith(named))).lines).toEqual([expect.stringMatching(/^error /)]);
  });
});

describe('transparency logs', () => {
  const plain = { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys) } }] }] };
  const withAnnotation = (text: string) => ({
    metadata: { annotations: { 'landwaiter.dev/require-transparency-log': text } },
  });

  it('are asked for keys unless somebody says otherwise', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));

    const usual = await judge(registry, setOf([imagePolicy(plain)]), podWith(named));
    const annotated = await judge(registry, setOf([imagePolicy(plain, withAnnotation('false'))]), podWith(named));
    const set = await judge(registry, setOf([imagePolicy(plain)], { keyTransparencyLog: 'not-asked' }), podWith(named));
    const both = await judge(
      registry,
      setOf([imagePolicy(plain, withAnnotation('true'))], { keyTransparencyLog: 'not-asked' }),
      podWith(named),
    );

    expect(usual.lines).toEqual([expect.stringMatching(/^fail .*LOG_MISSING.*require-transparency-log/)]);
    expect([annotated, set, both].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'pass', 'fail']);
  });

  it('must be one that is trusted, or the one whose key the policy holds', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, log: 'logged' }));
    const withLog = (rekor: unknown) => ({
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor } }] }],
    });

    const trusted = await judge(
      registry,
      setOf([imagePolicy(withLog({ url: 'https://log.example' }))]),
      podWith(named),
    );
    const own = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(world.log.keys) }))]),
      podWith(named),
    );
    const other = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(strangers) }))]),
      podWith(named),
    );

    expect(trusted.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(own.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(other.lines).toEqual([expect.stringMatching(/^fail .*LOG_UNKNOWN/)]);
  });

  it('are refused in an annotation that says neither', () => {
    expect(setOf([imagePolicy(plain, withAnnotation('maybe'))]).problems[0]?.message).toContain('"true" or "false"');
  });
});

describe('attestor sets', () => {
  const entry = (pair: typeof keys) => ({ keys: { publicKeys: publicPem(pair), ...noLog } });
  const third = ecKeys();
  const outcomeOf = async (attestors: unknown, signers: readonly (typeof keys)[]): Promise<string> => {
    const registry = await registryWith(async (it) => {
      for (const signer of signers) await signOlder(writable(it), image, { keys: signer });
    });
    const { lines } = await judge(registry, setOf([imagePolicy({ attestors })]), podWith(named));
    return lines.join(' ').split(' ')[0] ?? '';
  };

  it.each([
    ['all entries without a count', [{ entries: [entry(keys), entry(third)] }], 'fail'],
    ['one where one is enough', [{ count: 1, entries: [entry(keys), entry(third)] }], 'pass'],
    ['all with a count of nothing', [{ count: 0, entries: [entry(keys), entry(third)] }], 'fail'],
    ['every set', [{ entries: [entry(keys)] }, { entries: [entry(third)] }], 'fail'],
    [
      'each of several keys in one text',
      [{ entries: [{ keys: { publicKeys: publicPem(keys) + publicPem(third), ...noLog } }] }],
      'fail',
    ],
    [
      'as many of them as counted',
      [{ count: 1, entries: [{ keys: { publicKeys: publicPem(keys) + publicPem(third), ...noLog } }] }],
      'pass',
    ],
    [
      'a nested set',
      [{ count: 1, entries: [entry(third), { attestor: { count: 1, entries: [entry(strangers), entry(keys)] } }] }],
      'pass',
    ],
  ])('ask for %s', async (_, attestors, expected) => {
    expect(await outcomeOf(attestors, [keys])).toBe(expected);
  });
});

describe('keyless signatures', () => {
  const keyless = (entry: Record<string, unknown>) => imagePolicy({ attestors: [{ entries: [{ keyless: entry }] }] });
  const outcomeOf = async (entry: Record<string, unknown>): Promise<string> => {
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image)));
    const { lines } = await judge(registry, setOf([keyless(entry)]), podWith(named));
    return lines.join(' ');
  };

  it.each([
    ['a glob of the subject', { subject: 'https://github.com/owner/*', issuer: 'https://token.example' }, 'pass'],
    [
      'an expression for a part of the subject',
      { subjectRegExp: 'release[.]yml@refs/heads/main$', issuerRegExp: '^https://token' },
      'pass',
    ],
    ['another subject', { subject: 'https://github.com/other/*', issuer: 'https://token.example' }, 'fail'],
    ['a subject that a glob with a dot does not mean', { subject: 'https://githubXcom/*', issuer: '*' }, 'fail'],
    ['another issuer', { subject: '*', issuer: 'https://other.example' }, 'fail'],
    ['glob and expression of which one does not match', { subject: '*', subjectRegExp: 'nobody', issuer: '*' }, 'fail'],
    ['nobody in particular', {}, 'pass'],
    [
      'another extension of the certificate',
      { subject: '*', issuer: '*', additionalExtensions: { githubWorkflowRepository: 'owner/*' } },
      'fail',
    ],
    ['other roots', { subject: '*', issuer: '*', roots: certificatePem(stranger) }, 'fail'],
    [
      'these roots',
      { subject: '*', issuer: '*', roots: certificatePem(world.intermediate) + certificatePem(world.root) },
      'pass',
    ],
    ['a log of certificates with this key', { ctlog: { pubkey: publicPem(world.certificateLog) } }, 'pass'],
    ['another log of certificates', { ctlog: { pubkey: publicPem(strangers) } }, 'fail'],
    ['no log of certificates', { ctlog: { pubkey: publicPem(strangers), ignoreSCT: true } }, 'pass'],
    ['a timestamp of an authority', { ctlog: { tsaCertChain: certificatePem(world.stampRoot) } }, 'fail'],
  ])('ask for %s', async (_, entry, expected) => {
    expect(await outcomeOf(entry)).toMatch(new RegExp(`^${expected} `));
  });

  it('need names that the certificate has', async () => {
    const leaf = makeLeaf(world, { extensions: usualExtensions.toSpliced(2, 1) });
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image, undefined, leaf)));

    const { lines } = await judge(
      registry,
      setOf([keyless({ subject: 'https://github.com/owner/*', issuer: '*' })]),
      podWith(named),
    );

    expect(lines).toEqual([expect.stringMatching(/^fail .*IDENTITY_AMBIGUOUS/)]);
  });
});

describe('certificates of an own authority', () => {
  const authority = issue({ subject: 'own root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
  const own = issue({
    subject: 'signer',
    keys,
    issuer: authority,
    extensions: [signingKeyUsage(), purposeExtension('codeSigning'), namesExtension('https://builds.example')],
    ...validity,
  });
  const certificates = (entry: Record<string, unknown>) =>
    imagePolicy({ attestors: [{ entries: [{ certificates: { ...noLog, ...entry } }] }] });
  const signed = () =>
    registryWith(async (it) => {
      const payload = statementOf(image.bytes, signPredicateType);
      const bundle = statementBundle(world, { leaf: own, payload });
      await attach(writable(it), image, {
        ...bundle,
        verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] },
      });
    });

  it.each([
    ['the chain', { certChain: certificatePem(authority) }, 'pass'],
    ['certificate and chain', { cert: certificatePem(own), certChain: certificatePem(authority) }, 'pass'],
    ['the certificate alone', { cert: certificatePem(own) }, 'pass'],
    ['the certificate in base64', { cert: Buffer.from(certificatePem(own)).toString('base64') }, 'pass'],
    ['another chain', { certChain: certificatePem(stranger) }, 'fail'],
    [
      'another certificate of the chain',
      { cert: certificatePem(stranger), certChain: certificatePem(authority) },
      'fail',
    ],
    ['another certificate alone', { cert: certificatePem(stranger) }, 'fail'],
  ])('are those of %s', async (_, entry, expected) => {
    const { lines } = await judge(await signed(), setOf([certificates(entry)]), podWith(named));

    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${expected} `))]);
  });

  it('are refused in a chain without end', () => {
    const set = setOf([certificates({ certChain: certificatePem(authority).repeat(12) })]);

    expect(set.problems[0]?.message).toContain('more than 11 certificates');
  });
});

describe('signatures of the Notary Project', () => {
  const notary = (pem: string) =>
    imagePolicy({ type: 'Notary', attestors: [{ entries: [{ certificates: { cert: pem } }] }] });
  const signed = () =>
    registryWith(async (it) => {
      const { mediaType, digest, size } = image;
      const bytes = envelope('jws', { target: { mediaType, digest, size, annotations: new Map() } });
      await attachNotation(writable(it), {
        subject: image,
        envelope: bytes,
        mediaType: envelopeMediaTypes.jws,
        certificates: [notationSigner.certificate.encoded, notationRoot.certificate.encoded],
        createdAt: '2026-03-01T12:00:00Z',
      });
    });

  it('count when their chain meets the certificate of the policy', async () => {
    const { lines, images } = await judge(
      await signed(),
      setOf([notary(certificatePem(notationRoot))]),
      podWith(named),
    );

    expect(lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(images).toEqual([pinned]);
  });

  it.each([
    ['of strangers', async () => judge(await signed(), setOf([notary(certificatePem(strangerRoot))]), podWith(named))],
    [
      'that are not there',
      async () => judge(await registryWith(), setOf([notary(certificatePem(notationRoot))]), podWith(named)),
    ],
  ])('do not count when they are %s', async (_, attempt) => {
    expect((await attempt()).lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('take neither keys nor identities', () => {
    expect(setOf([imagePolicy({ ...byKey, type: 'Notary' })]).problems[0]?.message).toContain('certificates only');
  });
});
