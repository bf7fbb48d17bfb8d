// SPDX-License-Identifier: Apache-2.0
// Notary Project signatures made to be taken for something they are not. None of them may count.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { notationFolder } from '../../src/apps/signatures/notation-folder.ts';
import type { CborKey, CborValue } from '../../src/formats/cbor.ts';
import { CborTag, encodeCbor, readCbor } from '../../src/formats/cbor.ts';
import { pemOf, purposeExtension, signingKeyUsage } from '../support/signing/certificates.ts';
import {
  authorityLeafExtensions,
  changedJws,
  codeOf,
  envelope,
  expiredSigner,
  lookup,
  makeSigner,
  root,
  signer,
  statementOf,
  strangerRoot,
  targetOf,
  verify,
} from '../support/signing/notation.ts';

const formats = ['jws', 'cose'] as const;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function protectedJws(change: (headers: Record<string, unknown>) => void): Buffer {
  return changedJws(envelope('jws'), (members) => {
    const headers = JSON.parse(Buffer.from(String(members['protected']), 'base64url').toString('utf8'));
    change(headers);
    members['protected'] = Buffer.from(JSON.stringify(headers)).toString('base64url');
  });
}

function coseParts(bytes: Buffer): readonly CborValue[] {
  const whole = readCbor(bytes);
  if (!(whole instanceof CborTag) || !Array.isArray(whole.value)) throw new Error('not COSE');
  return whole.value;
}

describe.each(formats)('a %s envelope', (format) => {
  it('that claims another algorithm than that of its key', () => {
    const verification = verify(envelope(format, { algorithm: 'ES384' }), format);

    expect(codeOf(verification)).toBe('ALGORITHM_MISMATCH');
  });

  it('about another digest', () => {
    const verification = verify(envelope(format, { target: targetOf(Buffer.from('another image')) }), format);

    expect(codeOf(verification)).toBe('ARTIFACT_MISMATCH');
  });

  it('about the digest, with another size', () => {
    const verification = verify(envelope(format, { target: { ...targetOf(), size: 1 } }), format);

    expect(codeOf(verification)).toBe('ARTIFACT_MISMATCH');
  });

  it('with a payload of its own making that names the artifact elsewhere', () => {
    const payload = Buffer.from(JSON.stringify({ other: targetOf() }));

    const verification = verify(envelope(format, { payload }), format);

    expect(codeOf(verification)).toBe('STATEMENT_MALFORMED');
  });

  it('with a payload that names two artifacts under one key', () => {
    const { digest, size, mediaType } = targetOf();
    const one = JSON.stringify({ mediaType, digest, size });
    const payload = Buffer.from(`{"targetArtifact":{},"targetArtifact":${one}}`);

    const verification = verify(envelope(format, { payload }), format);

    expect(codeOf(verification)).toBe('STATEMENT_MALFORMED');
  });

  it('whose signer may not sign code', () => {
    const by = makeSigner({ extensions: [signingKeyUsage()] });

    const verification = verify(envelope(format, { by }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('whose signer is for timestamps', () => {
    const by = makeSigner({ extensions: [signingKeyUsage(), purposeExtension('timeStamping')] });

    const verification = verify(envelope(format, { by }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('whose signer is an authority', () => {
    const by = makeSigner({ extensions: authorityLeafExtensions });

    const verification = verify(envelope(format, { by }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('signed by the trusted root itself', () => {
    const verification = verify(envelope(format, { by: root, above: [] }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNSUITABLE');
  });

  it('with a chain longer than is read', () => {
    const verification = verify(envelope(format, { above: Array.from({ length: 10 }, () => root) }), format);

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });

  it('with a stranger below the trusted root', () => {
    const by = makeSigner({ issuer: strangerRoot });

    const verification = verify(envelope(format, { by }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('with the trusted root behind a chain that ends elsewhere', () => {
    const by = makeSigner({ issuer: strangerRoot });

    const verification = verify(envelope(format, { by, above: [strangerRoot, root] }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('that has expired certificates and no timestamp', () => {
    const verification = verify(envelope(format, { by: expiredSigner }), format);

    expect(codeOf(verification)).toBe('CERTIFICATE_NOT_VALID_THEN');
  });

  it('that has expired certificates and bytes instead of a timestamp', () => {
    const bytes = envelope(format, { by: expiredSigner, timestamp: Buffer.from('no token') });
    const statement = statementOf({ trustStores: ['ca:own', 'tsa:own'] });
    const stores: typeof lookup = (name) =>
      name.type === 'tsa' ? { ...name, kind: 'store', certificates: [] } : lookup(name);

    const verification = verify(bytes, format, { statement, lookup: stores });

    expect(codeOf(verification)).toBe('TIMESTAMP_INVALID');
  });

  it('with a critical attribute that nobody here knows', () => {
    const attributes = [{ name: 'example.only-on-mondays', value: true, isCritical: true }];

    const verification = verify(envelope(format, { attributes }), format);

    expect(verification.kind).toBe('refused');
  });

  it('with the signature of another envelope', () => {
    const other = envelope(format, { target: targetOf(Buffer.from('another image')) });
    const bytes =
      format === 'jws'
        ? changedJws(envelope(format), (members) => {
            members['signature'] = JSON.parse(other.toString('utf8')).signature;
          })
        : encodeCbor(new CborTag(18, [...coseParts(envelope(format)).slice(0, 3), coseParts(other)[3] ?? null]));

    const verification = verify(bytes, format);

    expect(codeOf(verification)).toBe('SIGNATURE_INVALID');
  });
});

describe('JWS', () => {
  it.each(['none', 'HS256', 'RS256', 'es256', ''])('with the algorithm "%s" is no envelope', (algorithm) => {
    const bytes = protectedJws((headers) => {
      headers['alg'] = algorithm;
    });

    expect(codeOf(verify(bytes, 'jws'))).toBe('PROOF_MALFORMED');
  });

  it('with a changed protected header is not what was signed', () => {
    const bytes = protectedJws((headers) => {
      headers['io.cncf.notary.signingTime'] = '2026-05-30T00:00:00Z';
    });

    expect(codeOf(verify(bytes, 'jws'))).toBe('SIGNATURE_INVALID');
  });

  it('with two payloads is malformed', () => {
    const text = envelope('jws').toString('utf8');

    const bytes = Buffer.from(text.replace('{', '{"payload":"e30",'));

    expect(codeOf(verify(bytes, 'jws'))).toBe('PROOF_MALFORMED');
  });

  it('with two algorithms in its protected header is malformed', () => {
    const bytes = changedJws(envelope('jws'), (members) => {
      const headers = Buffer.from(String(members['protected']), 'base64url').toString('utf8');
      members['protected'] = Buffer.from(headers.replace('{', '{"alg":"PS256",')).toString('base64url');
    });

    expect(codeOf(verify(bytes, 'jws'))).toBe('PROOF_MALFORMED');
  });

  it('in the general form with several signatures is malformed', () => {
    const bytes = changedJws(envelope('jws'), (members) => {
      members['signatures'] = [{ protected: members['protected'], signature: members['signature'] }];
    });

    expect(codeOf(verify(bytes, 'jws'))).toBe('PROOF_MALFORMED');
  });

  it('does not get annotations from its unsigned header', () => {
    const bytes = changedJws(envelope('jws'), (members) => {
      Object.assign(members['header'] as object, { annotations: { build: 'release' }, build: 'release' });
    });

    expect(codeOf(verify(bytes, 'jws', { annotations: { build: 'release' } }))).toBe('ANNOTATION_MISMATCH');
  });

  it('does not get annotations from the prototype of an object', () => {
    const verification = verify(envelope('jws'), 'jws', { annotations: { constructor: 'x' } });

    expect(codeOf(verification)).toBe('ANNOTATION_MISMATCH');
  });
});

describe('COSE', () => {
  it('with a key twice in its protected header is malformed', () => {
    const [encoded, ...rest] = coseParts(envelope('cose'));
    if (!Buffer.isBuffer(encoded)) throw new Error('no header');
    const first = encoded[0] ?? 0;
    // One entry more: the label of the algorithm, once again.
    const twice = Buffer.concat([Buffer.from([first + 1, 0x01, 0x26]), encoded.subarray(1)]);

    const verification = verify(encodeCbor(new CborTag(18, [twice, ...rest])), 'cose');

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });

  it('with a chain in both headers is malformed', () => {
    const [encoded, unsigned, ...rest] = coseParts(envelope('cose'));
    if (!Buffer.isBuffer(encoded)) throw new Error('no header');
    const headers = readCbor(encoded);
    if (!(headers instanceof Map)) throw new Error('no map');
    const both = new Map<CborKey, CborValue>([...headers, [33, [signer.certificate.encoded]]]);

    const verification = verify(encodeCbor(new CborTag(18, [encodeCbor(both), unsigned ?? null, ...rest])), 'cose');

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });

  it('without its tag is malformed', () => {
    const verification = verify(encodeCbor(coseParts(envelope('cose'))), 'cose');

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });

  it('with bytes behind its end is malformed', () => {
    const verification = verify(Buffer.concat([envelope('cose'), Buffer.from([0])]), 'cose');

    expect(codeOf(verification)).toBe('PROOF_MALFORMED');
  });
});

describe('a trust store', () => {
  const pem = pemOf('CERTIFICATE', root.certificate.encoded);

  function configuration(): string {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-notation-'));
    folders.push(folder);
    mkdirSync(join(folder, 'truststore/x509/ca/own'), { recursive: true });
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/root.pem'), pem);
    return folder;
  }

  it('with a regular file in it is read', () => {
    const folder = configuration();
    writeFileSync(join(folder, 'truststore/x509/ca/own/root.pem'), pem);

    expect(notationFolder(folder).trustStore({ type: 'ca', name: 'own' }).kind).toBe('store');
  });

  it('with a symbolic link in it cannot be used', () => {
    const folder = configuration();
    symlinkSync(join(folder, 'elsewhere/root.pem'), join(folder, 'truststore/x509/ca/own/root.pem'));

    const store = notationFolder(folder).trustStore({ type: 'ca', name: 'own' });

    expect(store).toMatchObject({ kind: 'refused', code: 'TRUST_STORE_INVALID' });
  });

  it('that is a symbolic link itself cannot be used', () => {
    const folder = configuration();
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'truststore/x509/ca/linked'));

    const store = notationFolder(folder).trustStore({ type: 'ca', name: 'linked' });

    expect(store).toMatchObject({ kind: 'refused', code: 'TRUST_STORE_INVALID' });
  });

  it.each(['..', '../ca/own', 'own/../own', ''])('called "%s" is none', (name) => {
    const store = notationFolder(configuration()).trustStore({ type: 'ca', name });

    expect(store).toMatchObject({ kind: 'refused', code: 'TRUST_STORE_INVALID' });
  });

  it('with a leaf in it cannot be used', () => {
    const folder = configuration();
    writeFileSync(join(folder, 'truststore/x509/ca/own/leaf.pem'), pemOf('CERTIFICATE', signer.certificate.encoded));

    const store = notationFolder(folder).trustStore({ type: 'ca', name: 'own' });

    expect(store).toMatchObject({ kind: 'refused', code: 'TRUST_STORE_INVALID' });
  });
});
