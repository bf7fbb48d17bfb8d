// SPDX-License-Identifier: Apache-2.0
// The services of a test Sigstore on loopback: certificate authority, transparency log in both versions, timestamp authority, and the token service
// of a build. They check what they are sent as the real ones do, and answer in their forms.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { childrenOf, readDer, tags } from '../../../src/formats/der.ts';
import { preAuthenticationEncoding } from '../../../src/formats/dsse.ts';
import { HttpService, type ServiceReply, type ServiceRequest } from '../http-service.ts';
import type { KeyPair } from './certificates.ts';
import { fulcioExtension, issue, namesExtension, pemOf, purposeExtension, signingKeyUsage } from './certificates.ts';
import type { TestSigstore } from './sigstore.ts';
import { minute } from './sigstore.ts';
import { timestampResponse } from './timestamps.ts';
import { logEntry } from './transparency-log.ts';

export interface SigningServices {
  readonly authority: HttpService;
  readonly log: HttpService;
  readonly stamps: HttpService;
  readonly tokens: HttpService;
  /** Text of a signing configuration 0.2 that names them. */
  config(logVersion: 1 | 2): string;
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** Milliseconds since 1970: the time at which everything happens. */
  readonly now: number;
  /** Changes an answer, to make a service that lies. */
  readonly distort?: (service: 'authority' | 'log' | 'stamps', reply: ServiceReply) => ServiceReply;
}

export const tokenSecret = 'request-secret-of-the-build';

export async function signingServices(world: TestSigstore, options: ServiceOptions): Promise<SigningServices> {
  const { now, distort = (_service, reply) => reply } = options;
  const [authority, log, stamps, tokens] = await Promise.all([
    new HttpService((request) => distort('authority', certify(world, request, now))).listen(),
    new HttpService((request) => distort('log', enter(world, request, now))).listen(),
    new HttpService((request) => distort('stamps', stamp(world, request, now))).listen(),
    new HttpService(giveToken(now)).listen(),
  ]);
  const service = (url: string, majorApiVersion = 1): unknown => ({
    url,
    majorApiVersion,
    validFor: { start: '2025-01-01T00:00:00Z' },
    operator: 'test',
  });
  return {
    authority,
    log,
    stamps,
    tokens,
    config: (version) =>
      JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
        caUrls: [service(authority.url)],
        rekorTlogUrls: [service(log.url, version)],
        rekorTlogConfig: { selector: 'ANY' },
        tsaUrls: version === 2 ? [service(`${stamps.url}/api/v1/timestamp`)] : [],
        tsaConfig: { selector: 'ANY' },
      }),
    close: async () => {
      await Promise.all([authority.close(), log.close(), stamps.close(), tokens.close()]);
    },
  };
}

/** A token that nobody signed: the test authority believes it. */
export function identityToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from('the secret part of the token').toString('base64url')}`;
}

function giveToken(now: number) {
  return ({ path, headers }: ServiceRequest): ServiceReply => {
    if (headers.authorization !== `bearer ${tokenSecret}`) return { status: 401 };
    const aud = new URL(path, 'http://localhost').searchParams.get('audience') ?? '';
    const sub = 'https://github.com/owner/repository/.github/workflows/release.yml@refs/heads/main';
    return {
      status: 200,
      body: { value: identityToken({ iss: 'https://token.example', sub, aud, exp: now / 1000 + 600 }) },
    };
  };
}

interface CertificateRequest {
  readonly credentials: { readonly oidcIdentityToken: string };
  readonly publicKeyRequest: {
    readonly publicKey: { readonly content: string };
    readonly proofOfPossession: string;
  };
}

function certify(world: TestSigstore, { path, body }: ServiceRequest, now: number): ServiceReply {
  if (path !== '/api/v2/signingCert') return { status: 404 };
  const { credentials, publicKeyRequest } = JSON.parse(body.toString('utf8')) as CertificateRequest;
  const claims = JSON.parse(
    Buffer.from(credentials.oidcIdentityToken.split('.')[1] ?? '', 'base64url').toString('utf8'),
  ) as Record<string, string>;
  const publicKey = createPublicKey(publicKeyRequest.publicKey.content);
  const name = claims['email'] ?? claims['sub'] ?? '';
  const hashName = publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  if (!verify(hashName, Buffer.from(name), publicKey, Buffer.from(publicKeyRequest.proofOfPossession, 'base64')))
    return { status: 400, body: { code: 3, message: 'the proof of possession is not good' } };
  const issuer = claims['iss'] ?? '';
  const leaf = issue({
    subject: '',
    // Only the public half is used of a certificate that somebody else signs.
    keys: { publicKey, privateKey: publicKey } satisfies KeyPair,
    issuer: world.intermediate,
    notBefore: now - minute,
    notAfter: now + 9 * minute,
    extensions: [
      purposeExtension('codeSigning'),
      signingKeyUsage(),
      namesExtension(name),
      fulcioExtension(1, issuer),
      fulcioExtension(8, issuer),
    ],
    log: { keys: world.certificateLog, time: now },
  });
  const certificates = [leaf, world.intermediate, world.root].map(({ certificate }) =>
    pemOf('CERTIFICATE', certificate.encoded),
  );
  return { status: 200, body: { signedCertificateEmbeddedSct: { chain: { certificates } } } };
}

function enter(world: TestSigstore, request: ServiceRequest, now: number): ServiceReply {
  const submitted = JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
  if (request.path === '/api/v1/log/entries') return enterFirst(world, submitted, now);
  if (request.path === '/api/v2/log/entries') return enterSecond(world, submitted);
  return { status: 404 };
}

interface FirstEntry {
  readonly kind: string;
  readonly apiVersion: string;
  readonly spec: {
    readonly data?: unknown;
    readonly signature?: unknown;
    readonly proposedContent?: { readonly envelope: string; readonly verifiers: readonly string[] };
  };
}

interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

function enterFirst(world: TestSigstore, submitted: object, now: number): ServiceReply {
  const { kind, apiVersion, spec } = submitted as FirstEntry;
  const written = spec.proposedContent === undefined ? spec : envelopeSpec(spec.proposedContent);
  if (written === undefined) return { status: 400, body: { message: 'the signature of the envelope is not good' } };
  const entry = logEntry(world.log, {
    kind,
    version: apiVersion,
    spec: written,
    integratedTime: Math.floor(now / 1000),
  }) as {
    logIndex: string;
    logId: { keyId: string };
    integratedTime: string;
    inclusionPromise: { signedEntryTimestamp: string };
    inclusionProof: Record<string, unknown> & { rootHash: string; hashes: string[]; checkpoint: { envelope: string } };
    canonicalizedBody: string;
  };
  const hex = (text: string): string => Buffer.from(text, 'base64').toString('hex');
  const { inclusionProof: proof } = entry;
  return {
    status: 201,
    body: {
      ['24296fb24b8ad77a'.padEnd(80, '0')]: {
        body: entry.canonicalizedBody,
        integratedTime: Number(entry.integratedTime),
        logID: hex(entry.logId.keyId),
        logIndex: Number(entry.logIndex),
        verification: {
          signedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
          inclusionProof: {
            logIndex: Number(proof['logIndex']),
            treeSize: Number(proof['treeSize']),
            rootHash: hex(proof.rootHash),
            hashes: proof.hashes.map(hex),
            checkpoint: proof.checkpoint.envelope,
          },
        },
      },
    },
  };
}

function envelopeSpec({ envelope, verifiers }: { envelope: string; verifiers: readonly string[] }): unknown {
  const { payload, payloadType, signatures } = JSON.parse(envelope) as Envelope;
  const bytes = Buffer.from(payload, 'base64');
  const pem = Buffer.from(verifiers[0] ?? '', 'base64').toString('utf8');
  const signature = signatures[0]?.sig ?? '';
  if (!isGood(pem, preAuthenticationEncoding(payloadType, bytes), Buffer.from(signature, 'base64'))) return undefined;
  const digest = (value: Uint8Array): unknown => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(value).digest('hex'),
  });
  return {
    envelopeHash: digest(Buffer.from(envelope)),
    payloadHash: digest(bytes),
    signatures: [{ signature, verifier: verifiers[0] }],
  };
}

interface SecondEntry {
  readonly hashedRekordRequestV002?: {
    readonly digest: string;
    readonly signature: { readonly content: string; readonly verifier: { readonly keyDetails: string } };
  };
  readonly dsseRequestV002?: { readonly envelope: Envelope; readonly verifiers: readonly unknown[] };
}

const digestNames: Readonly<Record<number, string>> = { 32: 'SHA2_256', 48: 'SHA2_384', 64: 'SHA2_512' };

function enterSecond(world: TestSigstore, submitted: object): ServiceReply {
  const { hashedRekordRequestV002: message, dsseRequestV002: envelope } = submitted as SecondEntry;
  // As the real ones: a log that sees a digest only can check no plain Ed25519.
  if (message?.signature.verifier.keyDetails === 'PKIX_ED25519')
    return { status: 400, body: { message: 'plain Ed25519 is not supported for hashedrekord' } };
  const [kind, spec] =
    message !== undefined
      ? [
          'hashedrekord',
          {
            hashedRekordV002: {
              data: {
                algorithm: digestNames[Buffer.from(message.digest, 'base64').length],
                digest: message.digest,
              },
              signature: message.signature,
            },
          },
        ]
      : ['dsse', { dsseV002: envelopeSpec2(envelope) }];
  return { status: 201, body: logEntry(world.log, { kind, version: '0.0.2', spec }) };
}

function envelopeSpec2(request: SecondEntry['dsseRequestV002']): unknown {
  const payload = Buffer.from(request?.envelope.payload ?? '', 'base64');
  return {
    payloadHash: { algorithm: 'SHA2_256', digest: createHash('sha256').update(payload).digest('base64') },
    signatures: [{ content: request?.envelope.signatures[0]?.sig, verifier: request?.verifiers[0] }],
  };
}

function isGood(pem: string, bytes: Buffer, signature: Buffer): boolean {
  const key = createPublicKey(pem);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ed25519') {
    const x = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
    return verify(null, bytes, key, signature) || ed25519ph.verify(signature, bytes, x);
  }
  return verify(curve === 'secp384r1' ? 'sha384' : curve === 'secp521r1' ? 'sha512' : 'sha256', bytes, key, signature);
}

/** Reads a TimeStampReq and stamps the digest in it. */
function stamp(world: TestSigstore, { headers, body }: ServiceRequest, now: number): ServiceReply {
  if (headers['content-type'] !== 'application/timestamp-query') return { status: 415 };
  const query = childrenOf(readDer(body));
  const imprint = query[1];
  const nonce = query.slice(2).find(({ tag }) => tag === tags.integer)?.content;
  const digest = imprint === undefined ? undefined : childrenOf(imprint)[1]?.content;
  if (digest?.length !== 32) return { status: 400 };
  const response = timestampResponse({
    signer: world.stamper,
    time: now,
    stamped: { digest, ...(imprint === undefined ? {} : { imprint: imprint.encoded }) },
    ...(nonce === undefined ? {} : { nonce }),
    certificates: [world.stamper],
  });
  return { status: 200, headers: { 'content-type': 'application/timestamp-reply' }, body: response };
}
