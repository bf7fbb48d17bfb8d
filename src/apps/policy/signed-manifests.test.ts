// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled, policyOf, verdictOf } from '../../../test/support/kyverno-rule.ts';
import { leaf, world } from '../../../test/support/signing/attempt.ts';
import type { Issued, KeyPair } from '../../../test/support/signing/certificates.ts';
import {
  authorityExtensions,
  ecKeys,
  issue,
  logIdOf,
  namesExtension,
  pemOf,
  publicKeyDer,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import { worldRoot } from '../../../test/support/signing/image-proofs.ts';
import { publicPem } from '../../../test/support/signing/key-signatures.ts';
import { now, signedAt, year } from '../../../test/support/signing/sigstore.ts';
import { promiseOf, sha256 } from '../../../test/support/signing/transparency-log.ts';
import { certificatePem } from '../../../test/support/verified-image.ts';
import type { JsonObject } from '../../formats/document.ts';
import type { CompileOptions } from '../../policy/engine.ts';
import { failOpenRemarks } from '../../policy/kyverno/fail-open.ts';
import { blobSignatures } from '../signatures/blob-signatures.ts';

const keys = ecKeys();
const others = ecKeys();
const validity = { notBefore: signedAt - year, notAfter: signedAt + year };
const authority = issue({ subject: 'own root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
const own = issue({
  subject: 'signer',
  keys: ecKeys(),
  issuer: authority,
  extensions: [signingKeyUsage(), purposeExtension('codeSigning'), namesExtension('https://builds.example')],
  ...validity,
});

const service = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', ...metadata },
  spec: { ports: [{ port: 80 }], selector: { app: 'web' }, ...spec },
});

const packed = (bytes: string | Uint8Array): string => gzipSync(bytes).toString('base64');

interface Signing {
  readonly keys: KeyPair;
  readonly certificate?: Issued;
  /** `logged`: with an entry of the test log; a key pair: the entry names that key instead. */
  readonly log?: 'logged' | KeyPair;
}

function bundleOf(message: Buffer, signature: Buffer, { keys: signer, certificate, log }: Signing): string {
  const named = typeof log === 'object' ? log : signer;
  const verifier =
    certificate === undefined
      ? pemOf('PUBLIC KEY', publicKeyDer(named))
      : pemOf('CERTIFICATE', certificate.certificate.encoded);
  const spec = {
    data: { hash: { algorithm: 'sha256', value: sha256(message).toString('hex') } },
    signature: {
      content: signature.toString('base64'),
      publicKey: { content: Buffer.from(verifier).toString('base64') },
    },
  };
  const body = Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }));
  const entry = { body, integratedTime: signedAt / 1000, logIndex: 3 };
  return JSON.stringify({
    SignedEntryTimestamp: promiseOf(world.log, entry).toString('base64'),
    Payload: {
      body: body.toString('base64'),
      integratedTime: entry.integratedTime,
      logIndex: entry.logIndex,
      logID: logIdOf(world.log.keys).toString('hex'),
    },
  });
}

/** Annotations as `kubectl sigstore sign` writes them. */
function annotationsFor(
  message: string | Buffer,
  signings: readonly Signing[],
  domain = 'cosign.sigstore.dev',
): JsonObject {
  const bytes = Buffer.from(message);
  const annotations: Record<string, string> = { [`${domain}/message`]: packed(bytes) };
  for (const [index, signing] of signings.entries()) {
    const end = index === 0 ? '' : `_${index}`;
    const signature = sign('sha256', bytes, signing.keys.privateKey);
    annotations[`${domain}/signature${end}`] = signature.toString('base64');
    if (signing.certificate !== undefined)
      annotations[`${domain}/certificate${end}`] = packed(certificatePem(signing.certificate));
    if (signing.log !== undefined) annotations[`${domain}/bundle${end}`] = packed(bundleOf(bytes, signature, signing));
  }
  return annotations;
}

/** The object with its own signed manifest. */
function signed(
  object: JsonObject,
  signings: readonly Signing[] = [{ keys }],
  actual: JsonObject = object,
): JsonObject {
  const metadata = actual['metadata'] as JsonObject;
  const annotations = {
    ...(metadata['annotations'] as JsonObject | undefined),
    ...annotationsFor(JSON.stringify(object), signings),
  };
  return { ...actual, metadata: { ...metadata, annotations } };
}

const byKey = (pair: KeyPair = keys, more: JsonObject = {}): JsonObject => ({
  keys: { publicKeys: publicPem(pair), ...more },
});
const manifests = (entries: readonly JsonObject[], more: JsonObject = {}, count?: number): JsonObject => ({
  attestors: [{ entries, ...(count === undefined ? {} : { count }) }],
  ...more,
});

function policyFor(block: JsonObject, policy: JsonObject = {}): JsonObject {
  const match = { any: [{ resources: { kinds: ['*'] } }] };
  return policyOf({ match, validate: { manifests: block } }, policy);
}

interface Judging extends Partial<CompileOptions> {
  readonly policy?: JsonObject;
}

function judged(
  object: JsonObject,
  block: JsonObject = manifests([byKey()]),
  { policy, ...options }: Judging = {},
): string {
  const provider = blobSignatures({ defaultRoot: worldRoot, time: now });
  return verdictOf(compiled([policyFor(block, policy)], options), object, { provider });
}

describe('signed manifests', () => {
  it('are the objects that carry them', () => {
    expect(judged(signed(service()))).toMatch(/^pass verified manifest signatures/);
  });

  it.each([
    ['nothing', service()],
    ['a message without signature', { ...service({}, { annotations: annotationsFor(JSON.stringify(service()), []) }) }],
    ['a signature of somebody else', signed(service(), [{ keys: others }])],
    ['a manifest of another name', signed(service({}, { name: 'other' }), undefined, service())],
    ['a manifest of another kind', signed({ ...service(), kind: 'Endpoints' }, undefined, service())],
    ['another value', signed(service(), undefined, service({ ports: [{ port: 8080 }] }))],
    ['a value more', signed(service(), undefined, service({ externalIPs: ['192.0.2.1'] }))],
    ['an element more', signed(service(), undefined, service({ ports: [{ port: 80 }, { port: 22 }] }))],
    ['a value less', signed(service(), undefined, { ...service(), spec: { ports: [{ port: 80 }] } })],
    ['another annotation', signed(service(), undefined, service({}, { annotations: { team: 'x' } }))],
    ['a label more', signed(service(), undefined, service({}, { labels: { team: 'x' } }))],
    ['another version', signed(service(), undefined, { ...service(), apiVersion: 'v2' })],
  ])('are refused with %s', (_, object) => {
    expect(judged(object)).toMatch(/^fail /);
  });

  it('say what differs', () => {
    expect(judged(signed(service(), undefined, service({ ports: [{ port: 8080 }] })))).toContain(
      'spec.ports.0.port is 8080 and was signed as 80',
    );
  });

  it.each([
    ['managedFields', service({}, { managedFields: [{ manager: 'kubectl' }], uid: 'x', resourceVersion: '7' })],
    ['a status', { ...service(), status: { loadBalancer: {} } }],
    [
      'what was applied last',
      service({}, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }),
    ],
    ['an address of the Service', service({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' })],
    ['a namespace', service({}, { namespace: 'shop' })],
    ['what is empty', service({ externalIPs: [], loadBalancerSourceRanges: null })],
  ])('may gain %s', (_, actual) => {
    expect(judged(signed(service(), undefined, actual))).toMatch(/^pass /);
    expect(judged(signed(service(), undefined, actual), undefined, { hardening: 'strict' })).toMatch(/^pass /);
  });

  it('may lose the registry and the tag that an image has anyway, and no others', () => {
    const pod = (image: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'a', image }] },
    });

    expect(judged(signed(pod('nginx'), undefined, pod('nginx:latest')))).toMatch(/^pass /);
    expect(judged(signed(pod('nginx:1'), undefined, pod('docker.io/nginx:1')))).toMatch(/^pass /);
    expect(judged(signed(pod('nginx:1'), undefined, pod('evil.example/nginx:1')))).toMatch(/^fail /);
  });

  it('with strict hardening (signed-fields-passed-over) are what they say where Kyverno passes fields over', () => {
    const [type, other] = [service({ type: 'ClusterIP' }), service({ type: 'LoadBalancer' })];
    const [here, there] = [service({}, { namespace: 'shop' }), service({}, { namespace: 'kube-system' })];

    expect(failOpenRemarks(policyFor(manifests([byKey()]))).map(({ code }) => code)).toContain(
      'signed-fields-passed-over',
    );
    for (const [object, actual] of [[type, other] as const, [here, there] as const]) {
      expect(judged(signed(object, undefined, actual))).toMatch(/^pass /);
      expect(judged(signed(object, undefined, actual), undefined, { hardening: 'strict' })).toMatch(/^fail /);
    }
  });

  it('differ where the policy says in ignoreFields, for the objects it names', () => {
    const actual = service({ ports: [{ port: 8080 }] }, { labels: { app: 'x', 'app.y': 'z' } });
    const ignoring = (fields: readonly string[], objects?: readonly JsonObject[]): string =>
      judged(
        signed(service(), undefined, actual),
        manifests([byKey()], { ignoreFields: [{ fields, ...(objects === undefined ? {} : { objects }) }] }),
      );

    expect(ignoring(['spec.ports.*.port', 'metadata.labels'])).toMatch(/^pass /);
    expect(ignoring(['spec.ports.*.port', 'metadata.labels'], [{ kind: 'Service', name: 'w*' }])).toMatch(/^pass /);
    expect(ignoring(['spec.ports.*.port', 'metadata.labels'], [{ kind: 'Deployment' }])).toMatch(/^fail /);
    expect(ignoring(['spec.port', 'metadata.labels'])).toMatch(/^fail /);
    expect(ignoring(['spec.ports', 'metadata.labels.app'])).toMatch(/^fail .*metadata.labels.app.y/);
  });

  it('may be one of several documents', () => {
    const text = [service({}, { name: 'other' }), service()].map((object) => JSON.stringify(object)).join('\n---\n');
    const object = service({}, { annotations: annotationsFor(text, [{ keys }]) });

    expect(judged(object)).toMatch(/^pass /);
  });

  it('may be an archive of YAML files', () => {
    const content = Buffer.from(JSON.stringify(service()));
    const head = Buffer.alloc(512);
    head.write('web.yaml');
    head.write('0000644', 100);
    head.write(content.length.toString(8).padStart(11, '0'), 124);
    head.write('        ', 148);
    head.write('0', 156);
    head.write('ustar', 257);
    head.write(
      `${[...head]
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const archive = Buffer.concat([head, content, Buffer.alloc(512 - (content.length % 512)), Buffer.alloc(1024)]);
    const object = service({}, { annotations: annotationsFor(gzipSync(archive), [{ keys }]) });

    expect(judged(object)).toMatch(/^pass /);
  });

  it.each([
    ['no base64', { 'cosign.sigstore.dev/message': '%%%' }],
    ['no gzip', { 'cosign.sigstore.dev/message': Buffer.from('{}').toString('base64') }],
    ['a bomb', { 'cosign.sigstore.dev/message': packed(Buffer.alloc(64 * 1024 * 1024)) }],
    ['two values for one key', annotationsFor('{"kind": "Service", "kind": "Pod"}', [{ keys }])],
    ['no YAML', annotationsFor('a: [', [{ keys }])],
    [
      'a signature that is none',
      { ...annotationsFor(JSON.stringify(service()), [{ keys }]), 'cosign.sigstore.dev/signature': 'AA=' },
    ],
    [
      'a bundle that is none',
      { ...annotationsFor(JSON.stringify(service()), [{ keys }]), 'cosign.sigstore.dev/bundle': packed('[]') },
    ],
  ])('that hold %s are refused', (_, annotations) => {
    const object = service({}, { annotations: { 'cosign.sigstore.dev/signature': 'AAAA', ...annotations } });

    expect(judged(object)).toMatch(/^fail /);
  });

  it('stand under another domain where the policy says so', () => {
    const object = service({}, { annotations: annotationsFor(JSON.stringify(service()), [{ keys }], 'sig.example') });

    expect(judged(object, manifests([byKey()], { annotationDomain: 'sig.example' }))).toMatch(/^pass /);
    expect(judged(object)).toMatch(/^fail /);
  });

  it('end in an error where a dry run might explain a difference', () => {
    const block = manifests([byKey()], { dryRun: { enable: true } });

    expect(judged(signed(service()), block)).toMatch(/^pass /);
    expect(judged(signed(service(), undefined, service({ a: 'b' })), block)).toMatch(/^error .*needs a cluster/);
  });

  it('in a registry are an error', () => {
    expect(judged(signed(service()), manifests([byKey()], { repository: 'ghcr.io/a/b' }))).toMatch(/^error .*registry/);
    expect(judged(signed(service()), manifests([{ ...byKey(), repository: 'ghcr.io/a/b' }]))).toMatch(/^error /);
  });

  it('are not asked for when objects are deleted', () => {
    const engine = compiled([policyFor(manifests([byKey()]))]);

    expect(verdictOf(engine, service(), { operation: 'DELETE' })).toBe('none');
  });

  it('are an error where nobody verifies signatures', () => {
    expect(verdictOf(compiled([policyFor(manifests([byKey()]))]), signed(service()))).toMatch(/^error /);
  });

  it('never make an engine throw, whatever stands in annotations', () => {
    const text = fc.oneof(fc.string(), fc.base64String(), fc.string().map(packed));

    fc.assert(
      fc.property(text, text, text, (message, signature, bundle) => {
        const domain = 'cosign.sigstore.dev';
        const annotations = {
          [`${domain}/message`]: message,
          [`${domain}/signature`]: signature,
          [`${domain}/bundle`]: bundle,
        };
        expect(judged(service({}, { annotations }))).toMatch(/^fail /);
      }),
      { numRuns: 100 },
    );
  });
});

describe('who signed manifests', () => {
  it.each([
    ['one of two with a count', manifests([byKey(others), byKey()], {}, 1), [{ keys }], 'pass'],
    ['both without a count', manifests([byKey(others), byKey()]), [{ keys }], 'fail'],
    ['both, with two signatures', manifests([byKey(others), byKey()]), [{ keys }, { keys: others }], 'pass'],
    [
      'two keys in one text',
      manifests([{ keys: { publicKeys: publicPem(keys) + publicPem(others) } }]),
      [{ keys }],
      'fail',
    ],
    ['a nested set', manifests([{ attestor: { count: 1, entries: [byKey(others), byKey()] } }]), [{ keys }], 'pass'],
  ])('are counted: %s', (_, block, signings, expected) => {
    expect(judged(signed(service(), signings), block)).toMatch(new RegExp(`^${expected} `));
  });

  it('may have a log entry, which must then be right', () => {
    expect(judged(signed(service(), [{ keys, log: 'logged' }]))).toMatch(/^pass /);
    expect(judged(signed(service(), [{ keys, log: others }]))).toMatch(/^fail .*LOG_ENTRY_MISMATCH/);
  });

  it('must have a log entry where the policy asks for one', () => {
    const logged = manifests([byKey(keys, { rekor: { url: 'https://log.example' } })]);
    const policy = { metadata: { annotations: { 'landwaiter.dev/require-transparency-log': 'true' } } };

    expect(judged(signed(service()), logged)).toMatch(/^fail .*LOG_MISSING/);
    expect(judged(signed(service(), [{ keys, log: 'logged' }]), logged)).toMatch(/^pass /);
    expect(judged(signed(service()), undefined, { policy })).toMatch(/^fail .*LOG_MISSING/);
  });

  it.each([
    ['that subject', { subject: 'https://github.com/owner/*', issuer: 'https://token.example' }, 'pass'],
    ['another subject', { subject: 'https://github.com/other/*', issuer: 'https://token.example' }, 'fail'],
    ['another issuer', { subject: '*', issuer: 'https://other.example' }, 'fail'],
    ['other roots', { subject: '*', issuer: '*', roots: certificatePem(authority) }, 'fail'],
  ])('have a certificate: %s', (_, identity, expected) => {
    const object = signed(service(), [{ keys: leaf.keys, certificate: leaf, log: 'logged' }]);

    expect(judged(object, manifests([{ keyless: identity }]))).toMatch(new RegExp(`^${expected} `));
  });

  it('need a log entry with such a certificate, and a certificate at all', () => {
    const block = manifests([{ keyless: { subject: '*', issuer: '*' } }]);

    expect(judged(signed(service(), [{ keys: leaf.keys, certificate: leaf }]), block)).toMatch(/^fail .*LOG_MISSING/);
    expect(judged(signed(service()), block)).toMatch(/^fail /);
  });

  it.each([
    ['chain', { certChain: certificatePem(authority) }, 'pass'],
    ['certificate and chain', { cert: certificatePem(own), certChain: certificatePem(authority) }, 'pass'],
    ['certificate alone', { cert: certificatePem(own) }, 'pass'],
    ['another certificate', { cert: certificatePem(leaf), certChain: certificatePem(authority) }, 'fail'],
    ['another chain', { certChain: certificatePem(world.root) }, 'fail'],
  ])('have a certificate of an own authority: %s', (_, entry, expected) => {
    const object = signed(service(), [{ keys: own.keys, certificate: own }]);

    expect(judged(object, manifests([{ certificates: entry }]))).toMatch(new RegExp(`^${expected} `));
  });

  it('have it from the policy where none lies beside the signature', () => {
    const certificates = { cert: certificatePem(own), certChain: certificatePem(authority) };

    expect(judged(signed(service(), [{ keys: own.keys }]), manifests([{ certificates }]))).toMatch(/^pass /);
  });

  it('have annotations that the object has', () => {
    const object = service({}, { annotations: { env: 'production' } });
    const entry = (env: string): JsonObject => manifests([{ ...byKey(), annotations: { env } }]);

    expect(judged(signed(object), entry('production'))).toMatch(/^pass /);
    expect(judged(signed(object), entry('test'))).toMatch(/^fail /);
  });

  it('keep their keys where nobody asks: an error', () => {
    const block = manifests([{ keys: { kms: 'awskms:///alias/key' } }]);

    expect(judged(signed(service()), block)).toMatch(/^error .*awskms/);
  });

  it.each([
    ['nobody', { attestors: [] }, 'must name somebody'],
    ['a key that is none', manifests([{ keys: { publicKeys: 'x' } }]), 'not a public key'],
    ['a field that there is not', manifests([byKey()], { skipObjects: [] }), 'unknown field "skipObjects"'],
  ])('are refused when the policy is loaded: %s', (_, block, message) => {
    expect(compiled([policyFor(block)]).problems[0]?.message).toContain(message);
  });
});
