// SPDX-License-Identifier: Apache-2.0
// A demand of an image policy in the words of the verification core: keys opened, trust roots read, one mode of the closed union. What cannot be
// opened is an error with a code: the demand is then not judged, which is never a pass.
import { RE2JS } from 're2js';
import type { CertificateIdentity, ManagedKey, SignaturePolicy, TextMatch } from '../../evidence/signatures/policy.ts';
import type { PublicKey } from '../../evidence/signatures/public-key.ts';
import { withScheme } from '../../evidence/signatures/public-key.ts';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { certificatesOf, emptyTrustRoot, ownTrustRoot } from '../../evidence/signatures/trust-root.ts';
import { formatPem, parsePem } from '../../formats/pem.ts';
import type { HashName } from '../../formats/rekor-entry.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { DemandedSigner, NamedText, SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { KeySurroundings } from './public-key-source.ts';
import { publicKeyOfPem, readPublicKey } from './public-key-source.ts';
import { trustRootOfResource } from './trust-root-resources.ts';

export interface DemandSurroundings {
  readonly keys: KeySurroundings;
  /** Where a demand names no trust root: --trusted-root, or the pinned one of the public Sigstore. Throws INPUT_UNREADABLE. */
  readonly defaultRoot: () => TrustRoot;
  /** Now, in milliseconds since 1970. */
  readonly time: number;
}

export interface OpenedDemand {
  readonly policy: SignaturePolicy;
  readonly trustRoot: TrustRoot;
}

/** Opens everything a demand names. Throws LandwaiterError. */
export async function openDemand(demand: SignatureDemand, surroundings: DemandSurroundings): Promise<OpenedDemand> {
  const trustRoot = await rootOf(demand, surroundings);
  const timestamp = demand.timestamp === 'required' ? { timestamp: 'required' as const } : {};
  const { signer } = demand;
  if (signer.kind !== 'keyless') {
    const keys = await keysOf(signer, surroundings.keys);
    const mode = demand.log === 'required' ? 'managed-key-with-log' : 'managed-key-without-log';
    return { policy: { mode, keys, ...timestamp }, trustRoot };
  }
  const identities = signer.identities.map(identityOf);
  if (demand.log === 'required' && signer.certificateLog === 'required')
    return { policy: { mode: 'public-good-keyless', identities, ...timestamp }, trustRoot };
  return {
    policy: {
      mode: 'private-sigstore',
      identities,
      signatureLog: demand.log === 'required' ? 'required' : 'not-operated-timestamp-instead',
      certificateLog: signer.certificateLog === 'required' ? 'required' : 'not-operated',
      ...timestamp,
    },
    trustRoot,
  };
}

const hashes: readonly HashName[] = ['sha256', 'sha384', 'sha512'];

async function keysOf(
  signer: Exclude<DemandedSigner, { kind: 'keyless' }>,
  surroundings: KeySurroundings,
): Promise<readonly ManagedKey[]> {
  const hash = hashes.find((name) => name === signer.hash);
  if (signer.hash !== undefined && hash === undefined)
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `signatures with ${signer.hash} are not verified` });
  const keys = signer.kind === 'keys' ? keysOfPem(signer.pem) : [await storedKey(signer.reference, surroundings)];
  return keys.flatMap((key) => usesOf(key, hash)).map((key) => ({ key }));
}

/** The key with the hash that is named; else with the usual one, and with SHA-256, which policy-controller takes for every key. */
function usesOf(key: PublicKey, hash: HashName | undefined): readonly PublicKey[] {
  const { scheme } = key;
  if (!('hash' in scheme)) return [key];
  if (hash === undefined && scheme.hash === 'sha256') return [key];
  const other = withScheme(key, { ...scheme, hash: hash ?? 'sha256' });
  if (isRefusal(other)) throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: other.message });
  return hash === undefined ? [key, other] : [other];
}

function keysOfPem(text: string): readonly PublicKey[] {
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed')
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `the key: ${blocks.reason}` });
  return blocks.value.map((block) => publicKeyOfPem(formatPem(block), 'the key'));
}

/** A policy names keepers of keys; files, variables and addresses of this machine are none of its business. */
function storedKey(reference: string, surroundings: KeySurroundings): Promise<PublicKey> {
  const scheme = reference.slice(0, reference.indexOf(':'));
  if (!['file', 'env', 'http', 'https'].includes(scheme)) return readPublicKey(reference, surroundings);
  throw new LandwaiterError({ code: 'USAGE', message: `${scheme}:// is no key store that a policy can name` });
}

function identityOf({
  issuer,
  subject,
}: {
  readonly issuer: readonly NamedText[];
  readonly subject: readonly NamedText[];
}): CertificateIdentity {
  return { issuer: matchOf(issuer), subject: matchOf(subject) };
}

/** Where a name and an expression are given, both must hold: the name alone, if the expression lets it through. */
function matchOf(texts: readonly NamedText[]): TextMatch {
  const exact = texts.find(({ kind }) => kind === 'exact')?.text;
  const pattern = texts.find(({ kind }) => kind === 'pattern')?.text;
  if (exact === undefined) return { kind: 'pattern', expression: pattern ?? '' };
  if (pattern !== undefined && !RE2JS.compile(pattern).testExact(exact))
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message: `nobody can be ${exact.slice(0, 200)} and match ${pattern.slice(0, 200)}`,
    });
  return { kind: 'exact', value: exact };
}

/** Each part from the trust root that the demand names for it. */
async function rootOf(demand: SignatureDemand, surroundings: DemandSurroundings): Promise<TrustRoot> {
  const { roots, signer } = demand;
  const open = (resource: SignatureDemand['roots']['log']): Promise<TrustRoot> =>
    resource === undefined
      ? Promise.resolve(surroundings.defaultRoot())
      : trustRootOfResource(resource, surroundings.time);
  const isKeyless = signer.kind === 'keyless';
  const own = isKeyless && signer.authorities !== undefined ? ownRoot(signer.authorities) : undefined;
  const needsCertificates = isKeyless && (own === undefined || signer.certificateLog === 'required');
  const certificates = needsCertificates ? await open(roots.certificates) : emptyTrustRoot;
  const log = demand.log === 'required' ? await open(roots.log) : emptyTrustRoot;
  const stamps = demand.timestamp === 'required' || roots.timestamps !== undefined ? await open(roots.timestamps) : log;
  return {
    digest: [own ?? certificates, certificates, log, stamps].map(({ digest }) => digest).join(' '),
    certificateAuthorities: (own ?? certificates).certificateAuthorities,
    certificateLogs: certificates.certificateLogs,
    transparencyLogs: log.transparencyLogs,
    timestampAuthorities: stamps.timestampAuthorities,
  };
}

/** The certificates that signed themselves are the ends of paths; where none did, each is an end. */
function ownRoot(pem: string): TrustRoot {
  const read = certificatesOf(pem);
  if (read.kind === 'malformed')
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `ca-cert: ${read.reason}` });
  const text = (list: typeof read.value): string =>
    list.map(({ encoded }) => formatPem({ label: 'CERTIFICATE', bytes: Buffer.from(encoded) })).join('');
  const ends = read.value.filter(({ subject, issuer }) => subject.equals(issuer));
  const steps = read.value.filter((certificate) => ends.length > 0 && !ends.includes(certificate));
  const root = ownTrustRoot({
    roots: text(ends.length === 0 ? read.value : ends),
    ...(steps.length === 0 ? {} : { intermediates: text(steps) }),
  });
  if (isRefusal(root)) throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `ca-cert: ${root.message}` });
  return root;
}
