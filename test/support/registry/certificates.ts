// SPDX-License-Identifier: Apache-2.0
// X.509 certificates for tests, made when they are needed: an authority, and certificates for hosts and clients that it signed.
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface TestAuthority extends TestCertificate {
  /** For `localhost`, `127.0.0.1` and other names. */
  issue(names: readonly string[]): TestCertificate;
}

export function testAuthority(name = 'Test authority'): TestAuthority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const constraints = extension('551d13', 'critical', sequence(der(0x01, Buffer.from([0xff]))));
  const own = certificateOf({ subject: name, issuer: name, publicKey, signer: privateKey, extensions: [constraints] });
  return {
    certificate: own,
    key: pemKey(privateKey),
    issue: (names) => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const alternatives = extension('551d11', 'ordinary', sequence(...names.map(alternativeName)));
      const subject = names[0] ?? 'nobody';
      const certificate = certificateOf({
        subject,
        issuer: name,
        publicKey: pair.publicKey,
        signer: privateKey,
        extensions: [alternatives],
      });
      return { certificate, key: pemKey(pair.privateKey) };
    },
  };
}

interface CertificateParts {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, 4.1. */
function certificateOf({ subject, issuer, publicKey, signer, extensions }: CertificateParts): string {
  const algorithm = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
  const serial = randomBytes(8);
  serial[0] = 0x11;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    distinguishedName(issuer),
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z'))),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]));
  const text = sequence(body, algorithm, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(name)))));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}

function extension(identifier: string, weight: 'critical' | 'ordinary', value: Buffer): Buffer {
  const critical = weight === 'critical' ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(der(0x06, Buffer.from(identifier, 'hex')), ...critical, der(0x04, value));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
