// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { attestedBy, ctlog, imageValidating } from '../../../test/support/image-validating.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import {
  authorityExtensions,
  ecKeys,
  issue,
  namesExtension,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import { attach, attachOlder, imageBundle, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer } from '../../../test/support/signing/key-signatures.ts';
import { root } from '../../../test/support/signing/notation.ts';
import { stranger, validity } from '../../../test/support/signing/own-authority.ts';
import {
  statementBundle,
  statementOf,
  trustedRootJson,
  subject as workflow,
} from '../../../test/support/signing/sigstore.ts';
import { certificatePem, image, keys, named, registryWith, strangers } from '../../../test/support/verified-image.ts';
import { judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { signPredicateType } from '../signatures/attachment.ts';

closeAfterEach();

describe('keyless attestors', () => {
  const someone = { identities: [{ subjectRegExp: '.*', issuerRegExp: '.*' }] };
  const lineOf = async (cosign: JsonObject, layout: 'older' | 'newer' = 'newer'): Promise<string> => {
    const registry = await registryWith((it) =>
      layout === 'older' ? attachOlder(writable(it), image) : attach(writable(it), image, imageBundle(image)),
    );
    return (await judge(registry, setOf([attestedBy({ cosign })]), podWith(named))).lines.join(' ');
  };
  const identity = (...identities: readonly JsonObject[]): JsonObject => ({ keyless: { identities } });
  const exact = workflow;
  const issuer = 'https://token.example';

  it.each([
    ['the name as it stands', identity({ subject: exact, issuer }), 'pass'],
    ['an expression for a part of the name', identity({ subjectRegExp: 'release[.]yml@', issuer }), 'pass'],
    ['one of several identities', identity({ subject: 'nobody', issuer }, { subject: exact, issuer }), 'pass'],
    ['a glob, which is a name here', identity({ subject: 'https://github.com/owner/*', issuer }), 'fail'],
    ['another name', identity({ subject: 'https://github.com/other', issuer }), 'fail'],
    ['another issuer', identity({ subject: exact, issuer: 'https://other.example' }), 'fail'],
    ['an expression that does not match', identity({ subjectRegExp: 'nobody', issuer }), 'fail'],
    ['other roots', { keyless: { ...someone, roots: certificatePem(stranger) } }, 'fail'],
    [
      'these roots',
      { keyless: { ...someone, roots: certificatePem(world.intermediate) + certificatePem(world.root) } },
      'pass',
    ],
    [
      'a trust root of its own',
      { keyless: someone, trustedRoot: { value: JSON.stringify(trustedRootJson(world)) } },
      'pass',
    ],
    ['the log with this key', { keyless: someone, ctlog: { rekorPubKey: publicPem(world.log.keys) } }, 'pass'],
    ['another log', { keyless: someone, ctlog: { rekorPubKey: publicPem(strangers) } }, 'fail'],
    ['another log of certificates', { keyless: someone, ctlog: { ctLogPubKey: publicPem(strangers) } }, 'fail'],
    [
      'no log of certificates',
      { keyless: someone, ctlog: { ctLogPubKey: publicPem(strangers), insecureIgnoreSCT: true } },
      'pass',
    ],
    [
      'a timestamp of an authority',
      { keyless: someone, ctlog: { tsaCertChain: certificatePem(world.stampRoot) } },
      'fail',
    ],
    [
      'the public repository of roots',
      { keyless: someone, tuf: { mirror: 'https://tuf-repo-cdn.sigstore.dev' } },
      'pass',
    ],
  ] as const)('ask for %s', async (_, cosign, expected) => {
    expect(await lineOf(cosign)).toMatch(new RegExp(`^${expected} `));
  });

  it('name somebody with hardening strict, and expressions are for the whole name', async () => {
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image)));
    const strictly = async (...identities: readonly JsonObject[]): Promise<string> => {
      const set = setOf([attestedBy({ cosign: identity(...identities) })], { hardening: 'strict' });
      return (await judge(registry, set, podWith(named))).lines.join(' ');
    };

    expect(await strictly({ subject: exact, issuer })).toMatch(/^pass /);
    expect(await strictly({ subjectRegExp: 'release[.]yml', issuer })).toMatch(/^fail /);
    expect(await strictly({ subjectRegExp: 'https://.*release[.]yml@.*', issuer })).toMatch(/^pass /);
    expect(await strictly({ subject: exact })).toMatch(/^fail .*anybody could have signed/);
    expect(await strictly({ subject: exact }, { subject: exact, issuer })).toMatch(/^pass /);
  });

  it('read the older layout as well', async () => {
    expect(await lineOf(identity({ subject: exact, issuer }), 'older')).toMatch(/^pass /);
  });

  it('take a trust root from an expression', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'root', namespace: 'kyverno' },
      data: { 'trusted_root.json': JSON.stringify(trustedRootJson(world)) },
    };
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image)));
    const policy = attestedBy(
      { cosign: { keyless: someone, trustedRoot: { expression: 'variables.root' } } },
      {
        variables: [
          {
            name: 'root',
            expression: 'resource.get("v1", "configmaps", "kyverno", "root").data["trusted_root.json"]',
          },
        ],
      },
    );
    const broken = { ...map, data: { 'trusted_root.json': '{}' } };

    expect((await judge(registry, setOf([policy]), podWith(named), [map])).lines).toEqual([
      expect.stringMatching(/^pass /),
    ]);
    expect((await judge(registry, setOf([policy]), podWith(named), [broken])).lines).toEqual([
      expect.stringMatching(/^error /),
    ]);
  });
});

describe('attestors with certificates of an own authority', () => {
  const authority = issue({ subject: 'own root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
  const own = issue({
    subject: 'signer',
    keys,
    issuer: authority,
    extensions: [signingKeyUsage(), purposeExtension('codeSigning'), namesExtension('https://builds.example')],
    ...validity,
  });
  const signed = () =>
    registryWith(async (it) => {
      const bundle = statementBundle(world, { leaf: own, payload: statementOf(image.bytes, signPredicateType) });
      await attach(writable(it), image, {
        ...bundle,
        verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] },
      });
    });
  const value = (pem: string) => ({ value: pem });

  it.each([
    ['the chain', { certChain: value(certificatePem(authority)) }, 'pass'],
    [
      'certificate and chain',
      { cert: value(certificatePem(own)), certChain: value(certificatePem(authority)) },
      'pass',
    ],
    ['the certificate alone', { cert: value(certificatePem(own)) }, 'pass'],
    ['a certificate of an expression', { cert: { expression: 'variables.pem' } }, 'pass'],
    ['another chain', { certChain: value(certificatePem(stranger)) }, 'fail'],
    ['another certificate', { cert: value(certificatePem(stranger)) }, 'fail'],
  ])('ask for %s', async (_, certificate, expected) => {
    const variables = [{ name: 'pem', expression: JSON.stringify(certificatePem(own)) }];
    const policy = attestedBy({ cosign: { certificate, ctlog } }, { variables });

    const { lines } = await judge(await signed(), setOf([policy]), podWith(named));

    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${expected} `))]);
  });
});

describe('attestations', () => {
  const scan = 'https://cosign.sigstore.dev/attestation/vuln/v1';
  const verified =
    'images.containers.all(i, verifyAttestationSignatures(i, attestations.scan, [attestors.signer]) > 0)';
  const content = 'images.containers.all(i, extractPayload(i, attestations.scan).predicate.critical == 0)';
  const policyWith = (validations: readonly string[]): JsonObject =>
    imageValidating({
      attestations: [{ name: 'scan', intoto: { type: scan } }],
      validations: validations.map((expression) => ({ expression })),
    });
  const attested = (...predicates: readonly unknown[]) =>
    registryWith(async (it) => {
      for (const predicate of predicates)
        await signNewer(writable(it), image, { keys, predicateType: scan, predicate });
    });
  const lineOf = async (
    validations: readonly string[],
    registry: ReturnType<typeof attested>,
    options: Parameters<typeof setOf>[1] = {},
  ): Promise<string> =>
    (await judge(await registry, setOf([policyWith(validations)], options), podWith(named))).lines.join(' ');

  it('are verified, and their content is read', async () => {
    expect(await lineOf([verified, content], attested({ critical: 0 }))).toMatch(/^pass /);
    expect(await lineOf([verified, content], attested({ critical: 3 }))).toMatch(/^fail .*index 1/);
    expect(await lineOf([verified], attested())).toMatch(/^fail .*there is no attestation/);
    const subject = `images.containers.all(i, extractPayload(i, attestations.scan).subject[0].digest.sha256 == "${image.digest.slice('sha256:'.length)}")`;
    expect(await lineOf([verified, subject], attested({ critical: 0 }))).toMatch(/^pass /);
  });

  it('have no content before they are verified', async () => {
    expect(await lineOf([content, verified], attested({ critical: 0 }))).toMatch(/^error .*was not verified/);
    const refused = `!(${verified}) || ${content}`;
    const strange = registryWith((it) => signNewer(writable(it), image, { keys: strangers, predicateType: scan }));
    expect(
      await lineOf(
        [
          `images.containers.all(i, verifyAttestationSignatures(i, attestations.scan, [attestors.signer]) == 0)`,
          content,
        ],
        strange,
      ),
    ).toMatch(/^error .*was not verified/);
    expect(await lineOf([refused], attested({ critical: 0 }))).toMatch(/^pass /);
  });

  it('are read as the last one says, or not at all where that is not sure', async () => {
    const several = attested({ critical: 3 }, { critical: 0 });
    expect(await lineOf([verified, content], several)).toMatch(/^pass /);
    expect(await lineOf([verified, content], several, { hardening: 'strict' })).toMatch(/^error .*different things/);
  });

  it('are no business of attestors of the other kind', async () => {
    const registry = await attested({ critical: 0 });
    const policy = attestedBy(
      { notary: { certs: { value: certificatePem(root) } } },
      { attestations: [{ name: 'scan', intoto: { type: scan } }], validations: [{ expression: verified }] },
    );

    expect((await judge(registry, setOf([policy]), podWith(named))).lines).toEqual([
      expect.stringMatching(/^error .*referrers only/),
    ]);
  });
});
