// SPDX-License-Identifier: Apache-2.0
// What a Notary Project signature envelope says, however it is encoded (notaryproject/specifications, signature-specification.md). Attributes
// are read here once for both encodings; whether the signature is good and who made it is decided in src/evidence/signatures/notation.
import { defaultLimits } from '../../model/limits.ts';
import { malformed, required } from '../parsed.ts';
import type { Certificate } from '../x509.ts';
import { parseCertificate } from '../x509.ts';

export const payloadMediaType = 'application/vnd.cncf.notary.payload.v1+json';

export const envelopeMediaTypes = { jws: 'application/jose+json', cose: 'application/cose' } as const;
export type EnvelopeFormat = keyof typeof envelopeMediaTypes;

export const envelopeAlgorithms = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const;
export type EnvelopeAlgorithm = (typeof envelopeAlgorithms)[number];

export const signingSchemes = ['notary.x509', 'notary.x509.signingAuthority'] as const;
export type SigningScheme = (typeof signingSchemes)[number];

const prefix = 'io.cncf.notary.';
export const attributeNames = {
  signingScheme: `${prefix}signingScheme`,
  signingTime: `${prefix}signingTime`,
  authenticSigningTime: `${prefix}authenticSigningTime`,
  expiry: `${prefix}expiry`,
  verificationPlugin: `${prefix}verificationPlugin`,
  verificationPluginMinVersion: `${prefix}verificationPluginMinVersion`,
  signingAgent: `${prefix}signingAgent`,
  timestampSignature: `${prefix}timestampSignature`,
} as const;

export interface NotationEnvelope {
  readonly format: EnvelopeFormat;
  /** What the envelope claims; the key of the certificate decides. */
  readonly algorithm: EnvelopeAlgorithm;
  readonly contentType: string;
  readonly scheme: SigningScheme;
  /** Milliseconds since 1970, as the signer's clock said: proves nothing. */
  readonly signingTime: number | undefined;
  /** Milliseconds since 1970, as a signing authority vouches for it. */
  readonly authenticSigningTime: number | undefined;
  readonly expiry: number | undefined;
  readonly plugin: { readonly name: string; readonly minimumVersion: string | undefined } | undefined;
  /** Names that a verifier must understand. */
  readonly critical: readonly string[];
  /** Signed attributes that the specification does not define. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** Leaf first. None of them is trusted by being here. */
  readonly certificates: readonly [Certificate, ...Certificate[]];
  /** RFC 3161 token in DER, unsigned. */
  readonly timestamp: Buffer | undefined;
  /** Unsigned remark about the program that signed. */
  readonly signingAgent: string | undefined;
  readonly payload: Buffer;
  /** The bytes that the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Protected headers after decoding: names to values, and what the encoding lists as critical. */
export interface ProtectedHeaders {
  readonly values: ReadonlyMap<string, unknown>;
  readonly critical: readonly string[];
  /** Reads a time in the encoding's own form. */
  readonly time: (value: unknown, name: string) => number;
}

type SignedAttributes = Pick<
  NotationEnvelope,
  'scheme' | 'signingTime' | 'authenticSigningTime' | 'expiry' | 'plugin' | 'critical' | 'attributes'
>;

const longestText = 4_096;

/** Signed attributes (signature-specification.md, "Signed Attributes"), inside `parsing`. */
export function readSignedAttributes({ values, critical, time }: ProtectedHeaders): SignedAttributes {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    if (value === undefined) return undefined;
    const isText = typeof value === 'string' && value.trim() !== '' && value.length <= longestText;
    return isText ? value : malformed(`${name}: a text is required`);
  };
  const moment = (name: string): number | undefined => (values.has(name) ? time(values.get(name), name) : undefined);
  const stated = text(attributeNames.signingScheme);
  const scheme = signingSchemes.find((known) => known === stated);
  if (scheme === undefined) return malformed(`the signing scheme ${stated ?? '(none)'} is not known`);
  const signingTime = moment(attributeNames.signingTime);
  const authenticSigningTime = moment(attributeNames.authenticSigningTime);
  const expiry = moment(attributeNames.expiry);
  checkTimes(scheme, { signingTime, authenticSigningTime, expiry });
  const name = text(attributeNames.verificationPlugin);
  const minimumVersion = text(attributeNames.verificationPluginMinVersion);
  if (name === undefined && minimumVersion !== undefined) malformed('a plugin version without a plugin');
  checkCritical(critical, values, { scheme, expiry });
  const known = new Set<string>(Object.values(attributeNames));
  return {
    scheme,
    signingTime,
    authenticSigningTime,
    expiry,
    plugin: name === undefined ? undefined : { name, minimumVersion },
    critical,
    attributes: new Map([...values].filter(([key]) => !known.has(key))),
  };
}

type Times = Pick<NotationEnvelope, 'signingTime' | 'authenticSigningTime' | 'expiry'>;

function checkTimes(scheme: SigningScheme, { signingTime, authenticSigningTime, expiry }: Times): void {
  const isOwn = scheme === 'notary.x509';
  if (isOwn && authenticSigningTime !== undefined) malformed(`${scheme} has no authentic signing time`);
  if (!isOwn && signingTime !== undefined) malformed(`${scheme} has no signing time of the signer`);
  const signed = isOwn ? signingTime : authenticSigningTime;
  if (signed === undefined) return malformed('the signing time is missing');
  if (expiry !== undefined && expiry <= signed) malformed('the signature expires before it was made');
}

/** What must be understood has to be marked so, and everything that is marked has to be there. */
function checkCritical(
  critical: readonly string[],
  values: ReadonlyMap<string, unknown>,
  { scheme, expiry }: Pick<NotationEnvelope, 'scheme' | 'expiry'>,
): void {
  const needed: string[] = [attributeNames.signingScheme];
  if (scheme === 'notary.x509.signingAuthority') needed.push(attributeNames.authenticSigningTime);
  if (expiry !== undefined) needed.push(attributeNames.expiry);
  for (const name of needed) if (!critical.includes(name)) malformed(`${name} is not marked as critical`);
  for (const name of critical) if (!values.has(name)) malformed(`${name} is marked as critical, but is not there`);
  if (new Set(critical).size !== critical.length) malformed('a name stands twice in the list of critical headers');
}

/** The chain of an envelope, leaf first; its length is bounded before a certificate is read. */
export function readChain(encoded: readonly Uint8Array[]): [Certificate, ...Certificate[]] {
  if (encoded.length > defaultLimits.certificateChain)
    malformed(`more than ${defaultLimits.certificateChain} certificates`);
  const [leaf, ...others] = encoded.map((bytes) => required(parseCertificate(bytes), 'certificate of the chain'));
  return leaf === undefined ? malformed('there is no certificate') : [leaf, ...others];
}

export function readAlgorithm(value: unknown): EnvelopeAlgorithm {
  const known = envelopeAlgorithms.find((name) => name === value);
  return (
    known ?? malformed(`the algorithm ${String(value).slice(0, 40)} is not one of ${envelopeAlgorithms.join(', ')}`)
  );
}
