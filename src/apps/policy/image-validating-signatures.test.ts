// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { allSigned, attestedBy, ctlog, imageValidating, keyAttestor } from '../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import {
  image,
  keys,
  named,
  pinned,
  registryWith,
  signedRegistry,
  strangers,
} from '../../../test/support/verified-image.ts';
import { judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';
import type { PolicySet } from '../../policy/policy-set.ts';

closeAfterEach();

describe('an ImageValidatingPolicy with a key', () => {
  it.each(['older', 'newer'] as const)(
    'takes signatures of the %s layout, and pins what was verified',
    async (layout) => {
      const sign = layout === 'older' ? signOlder : signNewer;
      const registry = await registryWith((it) => sign(writable(it), image, { keys }));

      const judged = await judge(registry, setOf([imageValidating()]), podWith(named));

      expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
      expect(judged.images).toEqual([pinned]);
    },
  );

  it.each([
    ['unsigned', undefined, /^fail .*image must be signed .*there is no signature/],
    ['signed by somebody else', { keys: strangers }, /^fail .*SIGNATURE_INVALID/],
    [
      'signed for another image',
      { keys, digest: imageOf({ layers: ['another program'] }).digest },
      /^fail .*ARTIFACT_MISMATCH/,
    ],
  ])('refuses an image that is %s', async (_, signing, expected) => {
    const registry = await registryWith(async (it) => {
      if (signing !== undefined) await signOlder(writable(it), image, signing);
    });

    const judged = await judge(registry, setOf([imageValidating()]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(expected)]);
  });

  it('verifies what it has pinned, whatever the tag does meanwhile', async () => {
    const registry = await signedRegistry();
    const set = setOf([imageValidating()]);
    const before = await judge(registry, set, podWith(named));
    registry.put(repository, imageOf({ layers: ['somebody else put this here'] }), 'v1');

    const moved = await judge(registry, set, podWith(named));
    const still = await judge(registry, set, podWith(before.images[0] ?? ''));

    expect(moved.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(still.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('needs the digest that the attestor names', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, hash: 'sha512' }));
    const outcomeOf = async (hashAlgorithm: string): Promise<string | undefined> => {
      const policy = attestedBy({ cosign: { key: { data: publicPem(keys), hashAlgorithm }, ctlog } });
      return (await judge(registry, setOf([policy]), podWith(named))).lines[0]?.split(' ')[0];
    };

    expect([await outcomeOf('sha512'), await outcomeOf('sha384'), await outcomeOf('sha224')]).toEqual([
      'pass',
      'fail',
      'error',
    ]);
  });

  it('asks for annotations that the signature itself carries', async () => {
    const registry = await signedRegistry();
    const policy = attestedBy({
      cosign: { key: { data: publicPem(keys) }, ctlog, annotations: { env: 'production' } },
    });

    const before = await judge(registry, setOf([policy]), podWith(named));
    await signOlder(writable(registry), image, { keys, annotations: { env: 'production' } });
    const after = await judge(registry, setOf([policy]), podWith(named));

    expect(before.lines).toEqual([expect.stringMatching(/^fail .*ANNOTATION_MISMATCH/)]);
    expect(after.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('looks in another repository and behind a prefix of tags', async () => {
    const registry = await registryWith((it) => signOlder(writable(it, 'team/signatures'), image, { keys }));
    const from = (source: object) => attestedBy({ cosign: { key: { data: publicPem(keys) }, ctlog, source } });
    const outcomeOf = async (source: object): Promise<string | undefined> =>
      (await judge(registry, setOf([from(source)]), podWith(named))).lines[0]?.split(' ')[0];

    expect(await outcomeOf({ repository: 'registry.example/team/signatures' })).toBe('pass');
    expect(await outcomeOf({ repository: 'registry.example/team/none' })).toBe('fail');
    expect(await outcomeOf({ repository: 'registry.example/team/signatures', tagPrefix: 'v1.' })).toBe('fail');
  });

  it('reads the key from an expression, a Secret or a key store that names one', async () => {
    const registry = await signedRegistry();
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'keys', namespace: 'shop' },
      data: { pub: publicPem(keys) },
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'signer', namespace: 'security' },
      data: { 'cosign.pub': Buffer.from(publicPem(keys)).toString('base64') },
    };
    const variables = [
      { name: 'cm', expression: 'resource.Get("v1", "configmaps", object.metadata.namespace, "keys")' },
    ];
    const lineOf = async (key: object, known: readonly (typeof map | typeof secret)[]): Promise<string> =>
      (
        await judge(registry, setOf([attestedBy({ cosign: { key, ctlog } }, { variables })]), podWith(named), known)
      ).lines.join(' ');

    expect(await lineOf({ expression: 'variables.cm.data.pub' }, [map])).toMatch(/^pass /);
    expect(await lineOf({ expression: 'variables.cm.data.pub' }, [])).toMatch(/^error .*attestor signer/);
    expect(await lineOf({ expression: 'variables.cm.data' }, [map])).toMatch(/^error .*must give a string/);
    expect(await lineOf({ secretRef: { name: 'signer', namespace: 'security' } }, [secret])).toMatch(/^pass /);
    expect(await lineOf({ kms: 'k8s://security/signer' }, [secret])).toMatch(/^pass /);
    expect(await lineOf({ kms: 'k8s://security/signer' }, [])).toMatch(/^error .*Secret security\/signer/);
  });

  it('asks for an entry of the log unless somebody says otherwise', async () => {
    const registry = await signedRegistry();
    const plain = attestedBy({ cosign: { key: { data: publicPem(keys) } } });
    const annotated = {
      ...plain,
      metadata: { name: 'images', annotations: { 'landwaiter.dev/require-transparency-log': 'false' } },
    };

    const usual = await judge(registry, setOf([plain]), podWith(named));
    const own = await judge(registry, setOf([annotated]), podWith(named));
    const set = await judge(registry, setOf([plain], { keyTransparencyLog: 'not-asked' }), podWith(named));

    expect(usual.lines).toEqual([expect.stringMatching(/^fail .*LOG_MISSING.*insecureIgnoreTlog/)]);
    expect([own, set].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'pass']);
  });
});

describe('several attestors', () => {
  const attestors = [keyAttestor(keys, 'first'), keyAttestor(strangers, 'second')];
  const lineOf = async (expression: string): Promise<string> => {
    const policy = imageValidating({ attestors, validations: [{ expression }] });
    return (await judge(await signedRegistry(), setOf([policy]), podWith(named))).lines.join(' ');
  };

  it('are counted, each once', async () => {
    const both = '[attestors.first, attestors.second]';
    expect(await lineOf(`images.containers.all(i, verifyImageSignatures(i, ${both}) == 1)`)).toMatch(/^pass /);
    expect(await lineOf(`images.containers.all(i, verifyImageSignatures(i, ${both}) > 1)`)).toMatch(/^fail /);
    const twice = '[attestors.first, attestors.first]';
    expect(await lineOf(`images.containers.all(i, verifyImageSignatures(i, ${twice}) == 1)`)).toMatch(/^pass /);
    expect(await lineOf('images.containers.all(i, verifyImageSignatures(i, [attestors["second"]]) == 0)')).toMatch(
      /^fail .*failed the verification/,
    );
  });

  it('are refused where something else stands in their place', async () => {
    expect(await lineOf('images.containers.all(i, verifyImageSignatures(i, ["first"]) > 0)')).toMatch(
      /^error .*an attestor is required/,
    );
  });
});

function judgedWithoutRegistry(set: PolicySet, object: JsonObject): readonly string[] {
  const cluster = { objects: () => [], namespace: () => undefined };
  return set.judge(requestFor(object, 'CREATE'), { cluster, provider: noData }).decisions.map(({ outcome }) => outcome);
}

describe('what could not be looked at', () => {
  const nobody = 'images.containers.all(i, verifyImageSignatures(i, [attestors.signer]) == 0)';
  const lax = { validationConfigurations: { required: false, mutateDigest: false, verifyDigest: false } };

  it('is no signature that is missing', async () => {
    const registry = await signedRegistry();
    const policy = imageValidating({ ...lax, validations: [{ expression: nobody }] });
    const gone = await judge(registry, setOf([policy]), podWith('registry.example/team/gone:v1'));

    expect(gone.lines).toEqual([expect.stringMatching(/^error .*there is no such image/)]);
  });

  it('is no signature that is missing where registries are not asked', () => {
    const policy = imageValidating({ ...lax, validations: [{ expression: nobody }] });
    const set = setOf([policy, imageValidating(lax, { metadata: { name: 'other' } })]);

    expect(judgedWithoutRegistry(set, podWith(named))).toEqual(['error', 'error']);
  });

  it('is passed over where it makes no difference', async () => {
    const expression = `true || ${allSigned}`;
    const policy = imageValidating({ ...lax, validations: [{ expression }] });

    expect((await judge(await signedRegistry(), setOf([policy]), podWith(named))).lines).toEqual([
      expect.stringMatching(/^pass /),
    ]);
  });
});
