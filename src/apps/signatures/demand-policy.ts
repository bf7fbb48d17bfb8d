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
import type { DemandedIdentity, DemandedSigner, NamedText, SignatureDemand } from '../../policy/image-policy/demand.ts';
import type { TrustRootResource } from '../../policy/image-policy/trust-root-resource.ts';
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
  const { signer } = demand;
  const stored = signer.kind === 'key-store' ? await storedKey(signer.reference, surroundings.keys) : undefined;
  const resources = resourcesOf(demand);
  const roots = await Promise.all(resources.map((resource) => trustRootOfResource(resource, surroundings.time)));
  const opened = new Map(resources.map((resource, index) => [resource, roots[index] ?? emptyTrustRoot]));
  return openDemandWith(demand, {
    stored,
    open: (resource) => (resource === undefined ? undefined : opened.get(resource)) ?? surroundings.defaultRoot(),
  });
}

/** Trust roots by what names them; undefined: where nothing does. */
type OpenRoot = (resource: TrustRootResource | undefined) => TrustRoot;

/** What a demand names and `rootOf` will ask for. */
function resourcesOf(demand: DemandParts): readonly TrustRootResource[] {
  const asked = new Set<TrustRootResource>();
  if (Object.values(demand.roots).every((resource) => resource === undefined)) return [];
  rootOf(demand, (resource) => {
    if (resource !== undefined) asked.add(resource);
    return emptyTrustRoot;
  });
  return [...asked];
}

/** What of a demand is about signers, and not about an image. */
export type DemandParts = Pick<SignatureDemand, 'signer' | 'roots' | 'log' | 'timestamp' | 'annotations'>;

/** Opens a demand with what was fetched for it: the key of a key store, and trust roots. Throws LandwaiterError. */
export function openDemandWith(
  demand: DemandParts,
  { stored, open }: { readonly stored?: PublicKey | undefined; readonly open: OpenRoot },
): OpenedDemand {
  const trustRoot = rootOf(demand, open);
  const timestamp = demand.timestamp === 'required' ? { timestamp: 'required' as const } : {};
  const { signer, annotations } = demand;
  const besides = { ...timestamp, ...(annotations === undefined ? {} : { annotations }) };
  if (signer.kind === 'own-certificate' && signer.authorities !== undefined)
    return { policy: { mode: 'own-pki', subjects: [anybody], time: ownTime(demand), ...besides }, trustRoot };
  if (signer.kind !== 'keyless') {
    const keys = keysOf(signer, stored);
    const mode = demand.log === 'required' ? 'managed-key-with-log' : 'managed-key-without-log';
    return { policy: { mode, keys, ...besides }, trustRoot };
  }
  const identities = signer.identities.map(identityOf);
  if (demand.log === 'required' && signer.certificateLog === 'required')
    return { policy: { mode: 'public-good-keyless', identities, ...besides }, trustRoot };
  return {
    policy: {
      mode: 'private-sigstore',
      identities,
      signatureLog: demand.log === 'required' ? 'required' : 'not-operated-timestamp-instead',
      certificateLog: signer.certificateLog === 'required' ? 'required' : 'not-operated',
      ...besides,
    },
    trustRoot,
  };
}

/** Every certificate that the authorities vouch for. */
const anybody: TextMatch = { kind: 'pattern', expression: '(?s).*' };

function ownTime({ log, timestamp }: DemandParts): 'log-entry' | 'timestamp' | 'now-because-nothing-proves-it' {
  if (log === 'required') return 'log-entry';
  return timestamp === 'required' ? 'timestamp' : 'now-because-nothing-proves-it';
}

const hashes: readonly HashName[] = ['sha256', 'sha384', 'sha512'];

function keysOf(
  signer: Exclude<DemandedSigner, { kind: 'keyless' }>,
  stored: PublicKey | undefined,
): readonly ManagedKey[] {
  if (signer.kind === 'own-certificate')
    return keysOfPem(signer.certificate ?? '')
      .flatMap((key) => usesOf(key, undefined))
      .map((key) => ({ key }));
  if (signer.kind === 'notation')
    throw new LandwaiterError({ code: 'USAGE', message: 'signatures of the Notary Project are not made with a key' });
  const hash = hashes.find((name) => name === signer.hash);
  if (signer.hash !== undefined && hash === undefined)
    throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `signatures with ${signer.hash} are not verified` });
  const keys = signer.kind === 'keys' ? keysOfPem(signer.pem) : [stored ?? unopened(signer.reference)];
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

function unopened(reference: string): never {
  throw new LandwaiterError({ code: 'USAGE', message: `the key ${reference} was not asked for` });
}

/** A policy names keepers of keys; files, variables and addresses of this machine are none of its business. */
function storedKey(reference: string, surroundings: KeySurroundings): Promise<PublicKey> {
  const scheme = /^([a-z][a-z0-9+.-]{0,40}):\/\//.exec(reference)?.[1];
  if (scheme !== undefined && !['file', 'env', 'http', 'https'].includes(scheme))
    return readPublicKey(reference, surroundings);
  const named = scheme === undefined ? reference.slice(0, 200) : `${scheme}://`;
  throw new LandwaiterError({ code: 'USAGE', message: `${named} is no key store that a policy can name` });
}

function identityOf({ issuer, subject, claims }: DemandedIdentity): CertificateIdentity {
  const identity = { issuer: matchOf(issuer), subject: matchOf(subject) };
  if (claims === undefined) return identity;
  const matches = Object.entries(claims).map(([name, texts]) => [name, matchOf(texts)] as const);
  return { ...identity, claims: Object.fromEntries(matches) };
}

/** Where a name and an expression are given, both must hold: the name alone, if the expression lets it through. */
function matchOf(texts: readonly NamedText[]): TextMatch {
  const exact = texts.find(({ kind }) => kind === 'exact')?.text;
  const patterns = texts.filter(({ kind }) => kind === 'pattern');
  const pattern = patterns[0]?.text;
  if (exact === undefined && patterns.length > 1)
    return { kind: 'all', of: patterns.map(({ text }) => ({ kind: 'pattern', expression: text })) };
  if (exact === undefined) return { kind: 'pattern', expression: pattern ?? '' };
  if (pattern !== undefined && !RE2JS.compile(pattern).testExact(exact))
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message: `nobody can be ${exact.slice(0, 200)} and match ${pattern.slice(0, 200)}`,
    });
  return { kind: 'exact', value: exact };
}

/** Each part from the trust root that the demand names for it. */
function rootOf(demand: DemandParts, open: OpenRoot): TrustRoot {
  const { roots, signer } = demand;
  const isKeyless = signer.kind === 'keyless';
  const authorities = 'authorities' in signer ? signer.authorities : undefined;
  const own = authorities === undefined ? undefined : ownRoot(authorities);
  const needsCertificates = isKeyless && (own === undefined || signer.certificateLog === 'required');
  const certificates = needsCertificates ? open(roots.certificates) : emptyTrustRoot;
  const log = demand.log === 'required' ? open(roots.log) : emptyTrustRoot;
  const stamps = demand.timestamp === 'required' || roots.timestamps !== undefined ? open(roots.timestamps) : log;
  const promises = roots.certificateLogs === undefined ? certificates : open(roots.certificateLogs);
  return {
    digest: [own ?? certificates, promises, log, stamps].map(({ digest }) => digest).join(' '),
    certificateAuthorities: (own ?? certificates).certificateAuthorities,
    certificateLogs: promises.certificateLogs,
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
