// SPDX-License-Identifier: Apache-2.0
// TrustRoot (policy.sigstore.dev v1alpha1): whose certificates, logs and timestamps count for a ClusterImagePolicy that names it. Keys that stand in it
// become a `trusted_root.json`; a serialized TUF repository is handed on as it is. Nothing is fetched, and nothing is trusted here.
import { createPublicKey, hash } from 'node:crypto';
import { decodeBase64 } from '../../formats/base64.ts';
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parsePem } from '../../formats/pem.ts';
import type { Certificate } from '../../formats/x509.ts';
import { parseCertificate } from '../../formats/x509.ts';
import type { Problem } from '../../model/problem.ts';
import type { PolicyDocument } from './parse.ts';

export interface TrustRootResource {
  readonly name: string;
  readonly content: /** A `trusted_root.json`. */
    | { readonly kind: 'file'; readonly text: string }
    /** `mirror` is a gzipped tar archive of a TUF repository; `root` the initial root that vouches for it. */
    | { readonly kind: 'repository'; readonly root: Buffer; readonly mirror: Buffer; readonly targets: string }
    /** Lies at an address; a policy makes nobody here ask it. */
    | { readonly kind: 'remote'; readonly mirror: string };
}

export interface ParsedTrustRoot {
  readonly resource: TrustRootResource | undefined;
  readonly problems: readonly Problem[];
}

const mediaType = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
/** Keys of a resource have no window: they count while they stand in it. */
const validFor = { start: '1970-01-01T00:00:00Z' };
const most = { list: 100, text: 16_000_000 };
const ways = ['remote', 'repository', 'sigstoreKeys', 'trustedRootJSON'] as const;

/** Undefined when the document is of another kind. Never throws. */
export function parseTrustRootResource(document: PolicyDocument): ParsedTrustRoot | undefined {
  const root = asObject(document.value);
  if (root?.['kind'] !== 'TrustRoot' || !(asString(root['apiVersion']) ?? '').startsWith('policy.sigstore.dev/'))
    return undefined;
  const reader = new Reader(document);
  const resource = reader.read(root);
  return { resource: reader.problems.length === 0 ? resource : undefined, problems: reader.problems };
}

class Reader {
  readonly #document: PolicyDocument;
  readonly problems: Problem[];

  constructor(document: PolicyDocument) {
    this.#document = document;
    this.problems = [...document.problems];
  }

  #fault(path: DocumentPath, message: string): void {
    const location = this.#document.locate(path);
    this.problems.push({ kind: 'schema', message: `${path.join('.')}: ${message}`, location, hidesFindings: true });
  }

  #text(object: JsonObject, name: string, path: DocumentPath): string {
    const text = asString(object[name]) ?? '';
    if (text === '' || text.length > most.text) this.#fault([...path, name], 'a text is required');
    return text.length > most.text ? '' : text;
  }

  #bytes(object: JsonObject, name: string, path: DocumentPath): Buffer {
    const text = this.#text(object, name, path);
    const bytes = text === '' ? undefined : decodeBase64(text.replaceAll(/\s/g, ''));
    if (bytes === undefined && text !== '') this.#fault([...path, name], 'base64 is required');
    return bytes ?? Buffer.alloc(0);
  }

  #items(object: JsonObject, name: string, path: DocumentPath): (readonly [JsonObject, DocumentPath])[] {
    const list = asArray(object[name]);
    if ((object[name] ?? []) !== list && list.length === 0 && !Array.isArray(object[name] ?? []))
      this.#fault([...path, name], 'a list is required');
    if (list.length > most.list) this.#fault([...path, name], `more than ${most.list} entries`);
    return list.slice(0, most.list).map((item, index) => [asObject(item) ?? {}, [...path, name, index]] as const);
  }

  read(root: JsonObject): TrustRootResource | undefined {
    const name = this.#text(asObject(root['metadata']) ?? {}, 'name', ['metadata']);
    const spec = asObject(root['spec']) ?? {};
    for (const member of Object.keys(spec))
      if (!(ways as readonly string[]).includes(member)) this.#fault(['spec', member], 'unknown field');
    const found = ways.filter((way) => spec[way] !== undefined && spec[way] !== null);
    const [way] = found;
    if (way === undefined || found.length > 1) {
      this.#fault(['spec'], `exactly one of ${ways.join(', ')} is required`);
      return undefined;
    }
    const path = ['spec', way];
    if (way === 'trustedRootJSON') return { name, content: { kind: 'file', text: this.#text(spec, way, ['spec']) } };
    const object = asObject(spec[way]);
    if (object === undefined) {
      this.#fault(path, 'an object is required');
      return undefined;
    }
    if (way === 'sigstoreKeys') return { name, content: { kind: 'file', text: this.#keys(object, path) } };
    const initial = this.#bytes(object, 'root', path);
    if (!isSignedMetadata(initial)) this.#fault([...path, 'root'], 'not a signed root of a TUF repository');
    if (way === 'remote') return { name, content: { kind: 'remote', mirror: this.#text(object, 'mirror', path) } };
    const mirror = this.#bytes(object, 'mirrorFS', path);
    if (mirror[0] !== 0x1f || mirror[1] !== 0x8b) this.#fault([...path, 'mirrorFS'], 'a gzipped archive is required');
    const targets = asString(object['targets']) ?? 'targets';
    return { name, content: { kind: 'repository', root: initial, mirror, targets } };
  }

  #keys(keys: JsonObject, path: DocumentPath): string {
    for (const member of Object.keys(keys))
      if (!['certificateAuthorities', 'tLogs', 'ctLogs', 'timestampAuthorities'].includes(member))
        this.#fault([...path, member], 'unknown field');
    const [authorities, stamps] = [
      this.#items(keys, 'certificateAuthorities', path),
      this.#items(keys, 'timestampAuthorities', path),
    ];
    if (authorities.length + stamps.length === 0)
      this.#fault(path, 'certificateAuthorities or timestampAuthorities are required');
    return JSON.stringify({
      mediaType,
      certificateAuthorities: authorities.map(([item, at]) => this.#authority(item, at)),
      tlogs: this.#items(keys, 'tLogs', path).map(([item, at]) => this.#log(item, at)),
      ctlogs: this.#items(keys, 'ctLogs', path).map(([item, at]) => this.#log(item, at)),
      timestampAuthorities: stamps.map(([item, at]) => this.#authority(item, at)),
    });
  }

  #authority(authority: JsonObject, path: DocumentPath): JsonObject {
    const subject = asObject(authority['subject']) ?? {};
    for (const part of ['organization', 'commonName']) this.#text(subject, part, [...path, 'subject']);
    const uri = this.#text(authority, 'uri', path);
    const pem = parsePem(this.#bytes(authority, 'certChain', path).toString('latin1'));
    const blocks = pem.kind === 'parsed' ? pem.value : [];
    const certificates = blocks.flatMap(({ label, bytes }) => {
      const parsed = label === 'CERTIFICATE' ? parseCertificate(bytes) : undefined;
      return parsed?.kind === 'parsed' ? [parsed.value] : [];
    });
    if (certificates.length === 0 || certificates.length !== blocks.length)
      this.#fault([...path, 'certChain'], 'certificates in PEM are required');
    if (certificates.filter(({ isAuthority }) => !isAuthority).length > 1)
      this.#fault([...path, 'certChain'], 'more than one certificate that is no authority');
    // The end of the path is the one that signed itself, wherever it stands.
    const isRoot = (at: number): boolean => certificates[at]?.subject.equals(certificates[at].issuer) === true;
    const order = certificates.map((_, at) => at).toSorted((a, b) => Number(isRoot(a)) - Number(isRoot(b)));
    const chain = order.map((at) => ({ rawBytes: Buffer.from(blocks[at]?.bytes ?? []).toString('base64') }));
    return { uri, certChain: { certificates: chain }, validFor };
  }

  #log(log: JsonObject, path: DocumentPath): JsonObject {
    const baseUrl = this.#text(log, 'baseURL', path);
    this.#text(log, 'hashAlgorithm', path);
    const key = readKey(this.#bytes(log, 'publicKey', path).toString('latin1'));
    if (key === undefined) {
      this.#fault([...path, 'publicKey'], 'a public key in PEM (ECDSA, RSA or Ed25519) is required');
      return {};
    }
    return {
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: key.bytes.toString('base64'), keyDetails: key.details, validFor },
      logId: { keyId: hash('sha256', key.bytes, 'buffer').toString('base64') },
    };
  }
}

/** Keys and certificates (PEM) that stand in a policy itself. */
export interface OwnTrust {
  readonly logKeys?: readonly string[];
  readonly certificateLogKeys?: readonly string[];
  readonly timestampChain?: string;
}

/** A trust root of a policy's own keys; undefined when one of them is no key, or the chain holds no certificates. */
export function trustRootOfKeys({
  logKeys = [],
  certificateLogKeys = [],
  timestampChain,
}: OwnTrust): TrustRootResource | undefined {
  const logs = [logKeys, certificateLogKeys].map((keys) => keys.map((pem) => logOf(pem)));
  const chain = timestampChain === undefined ? [] : (certificatesIn(timestampChain) ?? []);
  if (logs.flat().includes(undefined) || (timestampChain !== undefined && chain.length === 0)) return undefined;
  const text = JSON.stringify({
    mediaType,
    certificateAuthorities: [],
    tlogs: logs[0],
    ctlogs: logs[1],
    timestampAuthorities:
      chain.length === 0 ? [] : [{ uri: '', certChain: { certificates: rootLast(chain) }, validFor }],
  });
  return { name: `keys of the policy ${hash('sha256', text)}`, content: { kind: 'file', text } };
}

function logOf(pem: string): JsonObject | undefined {
  const key = readKey(pem);
  if (key === undefined) return undefined;
  return {
    baseUrl: '',
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: key.bytes.toString('base64'), keyDetails: key.details, validFor },
    logId: { keyId: hash('sha256', key.bytes, 'buffer').toString('base64') },
  };
}

/** The certificates of a PEM text; undefined when something else stands in it. */
function certificatesIn(pem: string): readonly Certificate[] | undefined {
  const blocks = parsePem(pem);
  if (blocks.kind === 'malformed') return undefined;
  const certificates = blocks.value.flatMap(({ label, bytes }) => {
    const parsed = label === 'CERTIFICATE' ? parseCertificate(bytes) : undefined;
    return parsed?.kind === 'parsed' ? [parsed.value] : [];
  });
  return certificates.length === blocks.value.length ? certificates : undefined;
}

function rootLast(chain: readonly Certificate[]): readonly JsonObject[] {
  const isRoot = ({ subject, issuer }: Certificate): number => Number(subject.equals(issuer));
  return chain
    .toSorted((a, b) => isRoot(a) - isRoot(b))
    .map(({ encoded }) => ({ rawBytes: Buffer.from(encoded).toString('base64') }));
}

function isSignedMetadata(bytes: Buffer): boolean {
  try {
    return asArray(asObject(JSON.parse(bytes.toString('utf8')))?.['signatures']).length > 0;
  } catch {
    return false;
  }
}

const curveDetails: Readonly<Record<string, string>> = {
  prime256v1: 'PKIX_ECDSA_P256_SHA_256',
  secp384r1: 'PKIX_ECDSA_P384_SHA_384',
  secp521r1: 'PKIX_ECDSA_P521_SHA_512',
};

/** SubjectPublicKeyInfo and its `keyDetails` (sigstore_common.proto). */
function readKey(pem: string): { readonly bytes: Buffer; readonly details: string } | undefined {
  try {
    const key = createPublicKey(pem);
    const bytes = key.export({ format: 'der', type: 'spki' });
    const { asymmetricKeyType: type, asymmetricKeyDetails: facts } = key;
    if (type === 'ec') {
      const details = curveDetails[facts?.namedCurve ?? ''];
      return details === undefined ? undefined : { bytes, details };
    }
    if (type === 'ed25519') return { bytes, details: 'PKIX_ED25519' };
    return type === 'rsa' ? { bytes, details: 'PKIX_RSA_PKCS1V15_2048_SHA256' } : undefined;
  } catch {
    return undefined;
  }
}
