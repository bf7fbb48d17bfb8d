// SPDX-License-Identifier: Apache-2.0
// What an authority of an image policy asks for, with everything that it names looked up: Secrets, TrustRoots. Plain data, the same for the same
// question, so that an answer can be remembered. Opening keys and verifying is somebody else's.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { FulcioClaimName } from '../../formats/fulcio-extensions.ts';
import type { ImageAuthority, WantedAttestation } from './parse.ts';
import type { TrustRootResource } from './trust-root-resource.ts';

export interface NamedText {
  readonly kind: 'exact' | 'pattern';
  readonly text: string;
}

export type DemandedSigner =
  | { readonly kind: 'keys'; readonly pem: string; readonly hash: string | undefined }
  /** `awskms://…`, `hashivault://…`: somebody keeps the key. */
  | { readonly kind: 'key-store'; readonly reference: string; readonly hash: string | undefined }
  | {
      readonly kind: 'keyless';
      readonly identities: readonly DemandedIdentity[];
      /** Certificates in PEM that take the place of the trust root's authorities. */
      readonly authorities: string | undefined;
      readonly certificateLog: 'required' | 'not-asked';
    }
  /** A certificate with this key, which an authority of `authorities` vouches for; both in PEM. Without `certificate`: any that they vouch for. */
  | {
      readonly kind: 'own-certificate';
      readonly certificate: string | undefined;
      readonly authorities: string | undefined;
    }
  /** A signature of the Notary Project whose chain meets one of these certificates (PEM). */
  | {
      readonly kind: 'notation';
      readonly certificates: string;
      /** Roots of authorities for timestamps (PEM); absent: timestamps count for nothing. */
      readonly timestampAuthorities?: string;
    };

export interface DemandedIdentity {
  readonly issuer: readonly NamedText[];
  readonly subject: readonly NamedText[];
  /** Further claims of the certificate about its token. */
  readonly claims?: Readonly<Partial<Record<FulcioClaimName, readonly NamedText[]>>>;
}

/** Where proofs are looked for. */
export interface ProofSource {
  /** Another repository than the image's. */
  readonly repository: string | undefined;
  /** Stands before the tags of the older layout. */
  readonly tagPrefix: string;
  /** Docker configurations (JSON) with credentials. */
  readonly credentials: readonly string[];
}

export interface SignatureDemand extends StandingDemand {
  /** As the workload names it. */
  readonly image: string;
  /** Docker configurations (JSON) of the workload, tried in every place after the place's own. */
  readonly credentials?: readonly string[];
  /** What it has in common with demands for other images, where the asker keeps that: the same object always means the same, so that it is named once. */
  readonly standing?: StandingDemand;
}

/** What is demanded, whatever the image. */
export interface StandingDemand {
  readonly signer: DemandedSigner;
  /** Undefined: the trust root of the caller. */
  readonly roots: {
    readonly certificates: TrustRootResource | undefined;
    readonly log: TrustRootResource | undefined;
    readonly timestamps: TrustRootResource | undefined;
    /** Logs of certificates; those of `certificates` when absent. */
    readonly certificateLogs?: TrustRootResource;
  };
  readonly log: 'required' | 'not-asked';
  readonly timestamp: 'required' | 'not-asked';
  readonly layout: 'legacy' | 'bundle' | 'any';
  readonly sources: readonly ProofSource[];
  /** All of them; empty: a signature. */
  readonly attestations: readonly WantedAttestation[];
  /** Artifacts of this type that refer to the image are asked for instead of it: one of them must be signed, and its content is answered. */
  readonly artifactType?: string;
  /** Annotations that the signature itself must carry. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** `all`: proofs that could not be read make the answer an error even where others were found, because all of them count. */
  readonly completeness?: 'all';
  /** `never`: the answer may not be kept beyond the evaluation that asked for it. */
  readonly remembered?: 'never';
}

/** The demand for one image. `standing` must never change afterwards. */
export function demandFor(
  standing: StandingDemand,
  image: string,
  credentials: readonly string[] = [],
): SignatureDemand {
  return { ...standing, standing, image, ...(credentials.length === 0 ? {} : { credentials }) };
}

/** What the authority may name. */
export interface NamedThings {
  readonly trustRoots: readonly TrustRootResource[];
  /** Core Secrets; undefined when nobody knows them. */
  readonly secrets: readonly JsonObject[] | undefined;
}

export type Demanded = SignatureDemand | { readonly kind: 'unresolved'; readonly message: string };

class Unresolved extends Error {}

/** Those of authorities that name no Secret, which may be another one every time. */
const standings = new WeakMap<ImageAuthority, StandingDemand>();

/** The demand, or what it names and nobody has. `credentials` are those of the workload. */
export function demandOf(
  authority: ImageAuthority,
  { image, credentials }: DemandedImage,
  things: NamedThings,
): Demanded {
  const known = standings.get(authority);
  if (known !== undefined) return demandFor(known, image, credentials);
  let namesSecrets = false;
  const watched: NamedThings = {
    trustRoots: things.trustRoots,
    get secrets() {
      namesSecrets = true;
      return things.secrets;
    },
  };
  try {
    const standing = resolved(authority, watched);
    if (!namesSecrets) standings.set(authority, standing);
    return demandFor(standing, image, credentials);
  } catch (error) {
    if (error instanceof Unresolved) return { kind: 'unresolved', message: error.message };
    throw error;
  }
}

export interface DemandedImage {
  readonly image: string;
  readonly credentials?: readonly string[];
}

export function isDemand(demanded: Demanded): demanded is SignatureDemand {
  return 'signer' in demanded;
}

function resolved({ settings, attestations }: ImageAuthority, things: NamedThings): StandingDemand {
  const keyless = asObject(settings['keyless']);
  const log = asObject(settings['ctlog']);
  const stamp = asObject(settings['rfc3161timestamp']);
  return {
    signer: keyless === undefined ? keySigner(asObject(settings['key']) ?? {}, things) : keylessSigner(keyless, things),
    roots: {
      certificates: rootOf(keyless?.['trustRootRef'], things),
      log: rootOf(log?.['trustRootRef'], things),
      timestamps: rootOf(stamp?.['trustRootRef'], things),
    },
    // A certificate lives ten minutes: something has to prove that it was used within them. A key needs no such thing.
    log: log !== undefined || (keyless !== undefined && stamp === undefined) ? 'required' : 'not-asked',
    timestamp: stamp === undefined ? 'not-asked' : 'required',
    layout: settings['signatureFormat'] === 'bundle' ? 'bundle' : 'legacy',
    sources: sourcesOf(settings['source'], things),
    attestations,
  };
}

function rootOf(reference: unknown, { trustRoots }: NamedThings): TrustRootResource | undefined {
  if (reference === undefined || reference === null || reference === '') return undefined;
  const name = asString(reference) ?? '';
  const found = trustRoots.find((root) => root.name === name);
  if (found === undefined) throw new Unresolved(`the TrustRoot ${name} is not among what was handed in`);
  if (found.content.kind !== 'remote') return found;
  throw new Unresolved(
    `the TrustRoot ${found.name} lies at ${found.content.mirror}, which is not asked; fetch it with trust-root update and name the file as trustedRootJSON, or hand in its repository`,
  );
}

function keySigner(key: JsonObject, things: NamedThings): DemandedSigner {
  const hash = asString(key['hashAlgorithm']);
  const store = asString(key['kms']);
  if (store !== undefined) return { kind: 'key-store', reference: store, hash };
  return { kind: 'keys', pem: asString(key['data']) ?? secretText(key['secretRef'], things), hash };
}

function keylessSigner(keyless: JsonObject, things: NamedThings): DemandedSigner {
  const own = asObject(keyless['ca-cert']);
  if (own?.['kms'] !== undefined)
    throw new Unresolved('a key store keeps keys, not certificates; ca-cert needs data or a Secret');
  return {
    kind: 'keyless',
    identities: asArray(keyless['identities']).map((item) => {
      const identity = asObject(item) ?? {};
      return { issuer: namedTexts(identity, 'issuer'), subject: namedTexts(identity, 'subject') };
    }),
    authorities: own === undefined ? undefined : (asString(own['data']) ?? secretText(own['secretRef'], things)),
    certificateLog: keyless['insecureIgnoreSCT'] === true ? 'not-asked' : 'required',
  };
}

function namedTexts(identity: JsonObject, part: 'issuer' | 'subject'): readonly NamedText[] {
  const [exact, pattern] = [asString(identity[part]) ?? '', asString(identity[`${part}RegExp`]) ?? ''];
  return [
    ...(exact === '' ? [] : [{ kind: 'exact' as const, text: exact }]),
    ...(pattern === '' ? [] : [{ kind: 'pattern' as const, text: pattern }]),
  ];
}

/** The namespace of policy-controller, where it reads Secrets that name none. */
const controllerNamespace = 'cosign-system';

function secretOf(name: string, namespace: string | undefined, { secrets }: NamedThings): JsonObject | undefined {
  return secrets?.find((secret) => {
    const metadata = asObject(secret['metadata']);
    const where = asString(metadata?.['namespace']);
    return metadata?.['name'] === name && (where === undefined || namespace === undefined || where === namespace);
  });
}

/** A Secret with one entry; which name it has is the owner's business. */
function secretText(reference: unknown, things: NamedThings): string {
  const named = asObject(reference);
  const name = asString(named?.['name']) ?? '';
  const namespace = asString(named?.['namespace']) ?? controllerNamespace;
  const secret = secretOf(name, namespace, things);
  if (secret === undefined)
    throw new Unresolved(`the Secret ${namespace}/${name} is not among what was handed in (--known)`);
  const plain = Object.values(asObject(secret['stringData']) ?? {});
  const coded = Object.values(asObject(secret['data']) ?? {}).map((value) => textOfBase64(value));
  const texts = [...plain, ...coded];
  const [text] = texts;
  if (texts.length !== 1 || typeof text !== 'string')
    throw new Unresolved(`the Secret ${namespace}/${name} must have exactly one entry`);
  return text;
}

function textOfBase64(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
}

function sourcesOf(value: unknown, things: NamedThings): readonly ProofSource[] {
  const sources = asArray(value).map((item): ProofSource => {
    const source = asObject(item) ?? {};
    return {
      repository: asString(source['oci']),
      tagPrefix: asString(source['tagPrefix']) ?? '',
      credentials: asArray(source['signaturePullSecrets']).flatMap((entry) => pullSecret(entry, things)),
    };
  });
  return sources.length === 0 ? [{ repository: undefined, tagPrefix: '', credentials: [] }] : sources;
}

/** Pull Secrets that are not at hand leave the credentials of this machine, which the registry judges. */
function pullSecret(entry: unknown, things: NamedThings): readonly string[] {
  const secret = secretOf(asString(asObject(entry)?.['name']) ?? '', undefined, things);
  const coded = asObject(secret?.['data'])?.['.dockerconfigjson'];
  const plain = asString(asObject(secret?.['stringData'])?.['.dockerconfigjson']);
  if (plain !== undefined) return [plain];
  return coded === undefined ? [] : [textOfBase64(coded)];
}
