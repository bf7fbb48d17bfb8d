// SPDX-License-Identifier: Apache-2.0
// A short-lived certificate from Fulcio (sigstore/fulcio fulcio.proto, CreateSigningCertificate, HTTP /api/v2/signingCert): an identity token and a
// proof that the key is ours go out, a chain with the leaf first comes back. The token appears in no message.
import { hash } from 'node:crypto';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { formatPem, parsePem } from '../../formats/pem.ts';
import type { Certificate } from '../../formats/x509.ts';
import { parseCertificate } from '../../formats/x509.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ServiceClient } from '../service.ts';
import { refusedBy } from '../service.ts';
import type { Signer } from './signer.ts';

export interface CertificateWish {
  /** Address of the authority. */
  readonly url: string;
  readonly token: string;
  /** What the token names; the key signs it. */
  readonly subject: string;
  readonly signer: Signer;
}

/** The leaf first. */
export type CertificateChain = readonly [Certificate, ...Certificate[]];

const keyKinds = { ecdsa: 'ECDSA', 'rsa-pkcs1': 'RSA_PSS', ed25519: 'ED25519', ed25519ph: 'ED25519' } as const;
const mostCertificates = 10;

/** Throws SIGNING_FAILED when the answer is no chain for this key, NETWORK_FAILED. */
export async function requestCertificate(client: ServiceClient, wish: CertificateWish): Promise<CertificateChain> {
  const { url, token, subject, signer } = wish;
  const proof = await signer.sign(Buffer.from(subject));
  const question = {
    method: 'POST',
    url: new URL(`${url.replace(/\/$/, '')}/api/v2/signingCert`),
    what: 'the certificate authority',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: Buffer.from(
      JSON.stringify({
        credentials: { oidcIdentityToken: token },
        publicKeyRequest: {
          publicKey: {
            algorithm: keyKinds[signer.algorithm.kind],
            content: formatPem({ label: 'PUBLIC KEY', bytes: signer.publicKey }),
          },
          proofOfPossession: proof.toString('base64'),
        },
      }),
    ),
  } as const;
  const answer = await client.ask(question);
  if (answer.status !== 200 && answer.status !== 201) throw refusedBy(question, answer);
  const chain = chainOf(answer.body);
  if (hash('sha256', chain[0].publicKey) !== hash('sha256', signer.publicKey))
    throw failed('the certificate is for another key than the one that was sent');
  return chain;
}

function chainOf(body: Buffer): CertificateChain {
  let answer: ReturnType<typeof asObject>;
  try {
    answer = asObject(JSON.parse(body.toString('utf8')));
  } catch {
    throw failed('the answer of the certificate authority is not JSON');
  }
  if (answer?.['signedCertificateDetachedSct'] !== undefined)
    throw failed(
      'the certificate authority gave the proof of logging beside the certificate; only certificates that hold it are used',
    );
  const chain = asObject(asObject(answer?.['signedCertificateEmbeddedSct'])?.['chain']);
  const texts = asArray(chain?.['certificates']).map((item) => asString(item) ?? '');
  if (texts.length > mostCertificates) throw failed(`a chain of ${texts.length} certificates`);
  const [leaf, ...rest] = texts.map(certificateOf);
  if (leaf === undefined) throw failed('the certificate authority gave no certificate');
  return [leaf, ...rest];
}

function certificateOf(text: string): Certificate {
  const blocks = parsePem(text);
  const bytes =
    blocks.kind === 'parsed' && blocks.value[0]?.label === 'CERTIFICATE' ? blocks.value[0].bytes : undefined;
  const certificate = bytes === undefined ? undefined : parseCertificate(bytes);
  if (certificate?.kind !== 'parsed') throw failed('the certificate authority gave something that is no certificate');
  return certificate.value;
}

function failed(message: string): LandwaiterError {
  return new LandwaiterError({ code: 'SIGNING_FAILED', message });
}
