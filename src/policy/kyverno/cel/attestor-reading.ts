// SPDX-License-Identifier: Apache-2.0
// One attestor of an ImageValidatingPolicy as what the verification core is asked for: whose signature, with which logs and timestamps, kept where.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { SignatureDemand } from '../../image-policy/demand.ts';
import type { EntryScope, SignerEntry } from '../verify-images/signer.ts';
import { EntryFault, readSigners } from '../verify-images/signer.ts';
import { withIdentities } from './attestor-identities.ts';
import { refuseUpdatedRoot, rootsOf, trustOf } from './attestor-roots.ts';
import { textOf, valueOf } from './attestor-texts.ts';

/** What one attestor asks for, with everything in place but the key of a Secret. */
export interface AttestedBy {
  readonly kind: 'cosign' | 'notary';
  readonly entry: SignerEntry;
  readonly roots: SignatureDemand['roots'];
  readonly repository: string | undefined;
  readonly tagPrefix: string;
  /** Secrets with credentials for the place where signatures are kept. */
  readonly pullSecrets: readonly string[];
}

export type AttestorScope = Omit<EntryScope, 'type'>;

export function readAttestor(attestor: JsonObject, path: DocumentPath, scope: AttestorScope): AttestedBy | EntryFault {
  try {
    const [cosign, notary] = [asObject(attestor['cosign']), asObject(attestor['notary'])];
    if ((cosign === undefined) === (notary === undefined))
      throw new EntryFault(path, 'exactly one of cosign and notary is required');
    return cosign === undefined
      ? readNotary(notary ?? {}, [...path, 'notary'], scope)
      : readCosign(cosign, [...path, 'cosign'], scope);
  } catch (error) {
    if (error instanceof EntryFault) return error;
    throw error;
  }
}

const ways = ['key', 'keyless', 'certificate'] as const;

function readCosign(cosign: JsonObject, path: DocumentPath, scope: AttestorScope): AttestedBy {
  const [way, ...others] = ways.filter((name) => asObject(cosign[name]) !== undefined);
  if (way === undefined || others.length > 0)
    throw new EntryFault(path, 'exactly one of key, keyless and certificate is required');
  refuseUpdatedRoot(asObject(cosign['tuf']), [...path, 'tuf']);
  const block = asObject(cosign[way]) ?? {};
  const trust = trustOf(asObject(cosign['ctlog']));
  const common = { annotations: cosign['annotations'] };
  const entries: Readonly<Record<typeof way, () => JsonObject>> = {
    key: () => ({ ...common, keys: { ...keyOf(block, [...path, way]), ...trust } }),
    // Whose signatures count is read below: names are meant otherwise here.
    keyless: () => ({ ...common, keyless: { issuer: '*', subject: '*', roots: block['roots'], ...trust } }),
    certificate: () => ({
      ...common,
      certificates: { cert: valueOf(block['cert']), certChain: valueOf(block['certChain']), ...trust },
    }),
  };
  const [entry, second] = readInOtherWords(entries[way](), path, { ...scope, type: 'Cosign' });
  if (entry === undefined || second !== undefined)
    throw new EntryFault([...path, way, 'data'], 'one key is required; each further one is an attestor of its own');
  const named =
    entry.signer.kind === 'keyless'
      ? withIdentities({ ...entry, signer: entry.signer }, block, { path: [...path, way], scope })
      : entry;
  const source = asObject(cosign['source']) ?? {};
  return {
    kind: 'cosign',
    entry: named,
    roots: rootsOf(entry.roots, valueOf(cosign['trustedRoot']) ?? valueOf(block['trustedRoot'])),
    repository: asString(source['repository']),
    tagPrefix: asString(source['tagPrefix']) ?? '',
    pullSecrets: ['PullSecrets', 'pullSecrets', 'signaturePullSecrets'].flatMap((key) =>
      asArray(source[key]).flatMap((item) => asString(asObject(item)?.['name']) ?? []),
    ),
  };
}

function readNotary(notary: JsonObject, path: DocumentPath, scope: AttestorScope): AttestedBy {
  const [certs, stamps] = [valueOf(notary['certs']), valueOf(notary['tsaCerts'])];
  if (certs === undefined) throw new EntryFault([...path, 'certs'], 'certificates are required');
  const [entry] = readInOtherWords({ certificates: { cert: certs } }, path, { ...scope, type: 'Notary' });
  if (entry?.signer.kind !== 'notation') throw new EntryFault([...path, 'certs'], 'certificates are required');
  const checked = stamps === undefined ? undefined : stampsOf(stamps, path, scope);
  const signer = checked === undefined ? entry.signer : { ...entry.signer, timestampAuthorities: checked };
  return {
    kind: 'notary',
    entry: { ...entry, signer },
    roots: entry.roots,
    repository: undefined,
    tagPrefix: '',
    pullSecrets: [],
  };
}

/** Certificates, as PEM. */
function stampsOf(text: string, path: DocumentPath, scope: AttestorScope): string {
  try {
    const [entry] = readSigners({ certificates: { cert: text } }, [], { ...scope, type: 'Notary' });
    return entry?.signer.kind === 'notation' ? entry.signer.certificates : '';
  } catch (error) {
    throw error instanceof EntryFault ? new EntryFault([...path, 'tsaCerts'], error.message) : error;
  }
}

function keyOf(key: JsonObject, path: DocumentPath): JsonObject {
  const given = ['data', 'kms', 'secretRef'].filter((name) => (key[name] ?? '') !== '');
  const [way, ...others] = given;
  if (way === undefined || others.length > 0)
    throw new EntryFault(path, 'exactly one of data, kms, secretRef and expression is required');
  const algorithm = textOf(key['hashAlgorithm']);
  const shared = algorithm === undefined ? {} : { signatureAlgorithm: algorithm };
  if (way === 'secretRef') return { ...shared, secret: key[way] };
  // Secrets are named as key stores are (`k8s://namespace/name`); both may stand where a key may.
  return { ...shared, publicKeys: key[way] };
}

const otherWords: Readonly<Record<string, string>> = {
  keys: 'key',
  publicKeys: 'data',
  secret: 'secretRef',
  signatureAlgorithm: 'hashAlgorithm',
  certificates: 'certificate',
  rekor: 'ctlog',
};

/** The signers of an entry that says the same in the words of a verifyImages rule; faults are told in those of the attestor. */
function readInOtherWords(entry: JsonObject, path: DocumentPath, scope: EntryScope): readonly SignerEntry[] {
  const written = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
  try {
    return readSigners(written, [], scope);
  } catch (error) {
    if (!(error instanceof EntryFault)) throw error;
    const at = error.path.map((step) => (typeof step === 'string' ? (otherWords[step] ?? step) : step));
    throw new EntryFault([...path, ...at], error.message);
  }
}
