// SPDX-License-Identifier: Apache-2.0
// Certificates of a test cluster: one authority, one for the server, and clients by user name.
import { isIP } from 'node:net';
import { encodeDer, primitiveContextTag, tags } from '../../src/formats/der.ts';
import { extensionIds } from '../../src/formats/x509.ts';
import type { Issued } from './signing/certificates.ts';
import { authorityExtensions, ecKeys, extension, issue, objectId, pemOf, sequence } from './signing/certificates.ts';

export interface PemPair {
  readonly certificate: string;
  readonly key: string;
}

export interface ClusterAuthority {
  /** PEM. */
  readonly certificate: string;
  server(...hosts: readonly string[]): PemPair;
  client(user: string): PemPair;
}

const day = 24 * 3_600_000;

export function clusterAuthority(now = Date.now()): ClusterAuthority {
  const validity = { notBefore: now - day, notAfter: now + 30 * day };
  const root = issue({ subject: 'test cluster', keys: ecKeys(), ...validity, extensions: authorityExtensions() });
  const leaf = (subject: string, extensions: readonly Buffer[]): PemPair =>
    pairOf(issue({ subject, keys: ecKeys(), issuer: root, ...validity, extensions }));
  const digitalSignature = extension(
    extensionIds.keyUsage,
    encodeDer(tags.bitString, Buffer.from([7, 0x80])),
    'critical',
  );
  return {
    certificate: pairOf(root).certificate,
    server: (...hosts) => leaf('kube-apiserver', [digitalSignature, purpose('1.3.6.1.5.5.7.3.1'), hostNames(hosts)]),
    client: (user) => leaf(user, [digitalSignature, purpose('1.3.6.1.5.5.7.3.2')]),
  };
}

function purpose(id: string): Buffer {
  return extension(extensionIds.extendedKeyUsage, sequence(objectId(id)));
}

function hostNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? encodeDer(primitiveContextTag(7), Buffer.from(host.split('.').map(Number)))
      : encodeDer(primitiveContextTag(2), Buffer.from(host)),
  );
  return extension(extensionIds.subjectAltName, sequence(...names));
}

function pairOf({ certificate, keys }: Issued): PemPair {
  return {
    certificate: pemOf('CERTIFICATE', certificate.encoded),
    key: keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
