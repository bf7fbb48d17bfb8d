// SPDX-License-Identifier: Apache-2.0
// One entry of `verifyImages`, read and checked: which images, whose signatures, which attestations, and what else. The older fields (`image`, `key`,
// `issuer`...) become the newer ones (Kyverno api/kyverno/v1, Convert), but for one slip of Kyverno's: where attestations stand beside a `key`, the key stays.
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { Conditions } from '../conditions.ts';
import { compileConditions } from '../conditions.ts';
import type { EntryScope, SignerEntry } from './signer.ts';
import { EntryFault, itemsIn, readSigners } from './signer.ts';

export interface AttestorSet {
  /** How many of the entries must have signed. */
  readonly count: number;
  readonly entries: readonly AttestorEntry[];
}

export type AttestorEntry =
  | { readonly kind: 'signer'; readonly signer: SignerEntry }
  | { readonly kind: 'set'; readonly set: AttestorSet };

export interface WantedStatement {
  /** Name under which conditions find the predicate; empty: none. */
  readonly name: string;
  readonly type: string;
  readonly attestors: readonly AttestorSet[];
  readonly conditions: Conditions;
}

export interface ImageVerification {
  readonly references: readonly string[];
  readonly skipped: readonly string[];
  readonly type: EntryScope['type'];
  /** All must be met. */
  readonly attestors: readonly AttestorSet[];
  readonly statements: readonly WantedStatement[];
  readonly deny: Conditions | undefined;
  readonly denyMessage: string;
  readonly repository: string | undefined;
  /** `name` in Kyverno's namespace, or `namespace/name`. */
  readonly credentialSecrets: readonly string[];
  readonly mutatesDigest: boolean;
  readonly verifiesDigest: boolean;
  /** Whether the image is judged again when everybody has changed the object, not only while it is changed. */
  readonly isRequired: boolean;
  readonly usesCache: boolean;
}

const legacyKeyless = ['issuer', 'subject', 'roots', 'additionalExtensions'] as const;

/** Reads one entry. Throws EntryFault. */
export function readVerification(
  entry: JsonObject,
  path: DocumentPath,
  scope: Omit<EntryScope, 'type'>,
): ImageVerification {
  const type = typeOf(entry['type'], path);
  const inner = { ...scope, type };
  const converted = attestorsOf(entry, path);
  const references = [
    ...(asString(entry['image']) === undefined ? [] : [asString(entry['image']) ?? '']),
    ...asStrings(entry['imageReferences']),
  ];
  if (references.length === 0) throw new EntryFault(path, 'imageReferences must name images');
  const attestors = itemsIn(converted, [...path, 'attestors']).map(([set, at]) =>
    isLegacy(entry) ? readOlderSet(set, path, inner) : readSet(set, at, inner),
  );
  const deny = asObject(asObject(entry['validate'])?.['deny']);
  const denied = deny === undefined ? undefined : compileConditions(deny['conditions'], 'holds');
  if (denied?.kind === 'invalid') throw new EntryFault([...path, 'validate', 'deny'], denied.message);
  const credentials = asObject(entry['imageRegistryCredentials']) ?? {};
  const secrets = asStrings(credentials['secrets']);
  for (const name of secrets)
    if (scope.namespace !== undefined && !name.startsWith(`${scope.namespace}/`))
      throw new EntryFault(
        [...path, 'imageRegistryCredentials', 'secrets'],
        `a Policy of the namespace ${scope.namespace} reads Secrets of that namespace only`,
      );
  return {
    references,
    skipped: asStrings(entry['skipImageReferences']),
    type,
    attestors,
    statements: itemsIn(entry['attestations'], [...path, 'attestations']).map(([item, at]) =>
      readStatement(item, at, { scope: inner, fallback: isLegacy(entry) ? attestors : undefined }),
    ),
    deny: denied?.evaluate,
    denyMessage: asString(asObject(entry['validate'])?.['message']) ?? '',
    repository: asString(entry['repository']),
    credentialSecrets: secrets,
    mutatesDigest: entry['mutateDigest'] !== false,
    verifiesDigest: entry['verifyDigest'] !== false,
    isRequired: entry['required'] !== false,
    usesCache: entry['useCache'] !== false,
  };
}

function typeOf(value: unknown, path: DocumentPath): EntryScope['type'] {
  const word = asString(value) ?? 'Cosign';
  if (word === 'Cosign' || word === 'SigstoreBundle' || word === 'Notary') return word;
  throw new EntryFault([...path, 'type'], 'must be one of Cosign, SigstoreBundle, Notary');
}

function isLegacy(entry: JsonObject): boolean {
  return entry['key'] !== undefined || legacyKeyless.some((name) => entry[name] !== undefined);
}

/** `attestors`, or what the older fields mean. */
function attestorsOf(entry: JsonObject, path: DocumentPath): unknown {
  if (!isLegacy(entry)) return entry['attestors'];
  if (asArray(entry['attestors']).length > 0)
    throw new EntryFault(path, 'attestors cannot stand beside key, issuer, subject and roots');
  if (entry['key'] !== undefined) {
    const clash = legacyKeyless.find((name) => entry[name] !== undefined);
    if (clash !== undefined) throw new EntryFault([...path, clash], 'cannot stand beside key');
    return [{ entries: [{ keys: { publicKeys: entry['key'] }, annotations: entry['annotations'] }] }];
  }
  const keyless = Object.fromEntries(legacyKeyless.map((name) => [name, entry[name]]));
  return [{ entries: [{ keyless, annotations: entry['annotations'] }] }];
}

const deepestSet = 10;

/** Reads one set. Throws EntryFault. */
export function readSet(
  set: JsonObject,
  path: DocumentPath,
  scope: EntryScope & { readonly depth?: number },
): AttestorSet {
  const depth = scope.depth ?? 0;
  if (depth > deepestSet) throw new EntryFault(path, `attestors stand deeper than ${deepestSet} levels in each other`);
  const entries = itemsIn(set['entries'], [...path, 'entries']).flatMap(([entry, at]): AttestorEntry[] => {
    const nested = asObject(entry['attestor']);
    if (nested === undefined) return readSigners(entry, at, scope).map((signer) => ({ kind: 'signer', signer }));
    return [{ kind: 'set', set: readSet(nested, [...at, 'attestor'], { ...scope, depth: depth + 1 }) }];
  });
  if (entries.length === 0) throw new EntryFault(path, 'entries must name somebody');
  const written = set['count'];
  const count = typeof written === 'number' && written > 0 ? written : entries.length;
  if (!Number.isInteger(count) || count > entries.length)
    throw new EntryFault([...path, 'count'], `there are ${entries.length} entries`);
  return { count, entries };
}

/** A set that the older fields mean: faults are told where the author wrote it. */
function readOlderSet(set: JsonObject, path: DocumentPath, scope: EntryScope): AttestorSet {
  try {
    return readSet(set, path, scope);
  } catch (error) {
    if (!(error instanceof EntryFault)) throw error;
    const last = error.path.at(-1);
    throw new EntryFault([...path, last === undefined || last === 'publicKeys' ? 'key' : last], error.message);
  }
}

interface StatementScope {
  readonly scope: EntryScope;
  /** Attestors of the older fields, which are meant for attestations too. */
  readonly fallback: readonly AttestorSet[] | undefined;
}

function readStatement(item: JsonObject, path: DocumentPath, { scope, fallback }: StatementScope): WantedStatement {
  const type = asString(item['type']) ?? asString(item['predicateType']) ?? '';
  if (type === '') throw new EntryFault(path, 'type is required');
  const conditions = compileConditions(item['conditions'], 'fails');
  if (conditions.kind === 'invalid') throw new EntryFault([...path, 'conditions'], conditions.message);
  const own = itemsIn(item['attestors'], [...path, 'attestors']).map(([set, at]) => readSet(set, at, scope));
  // There is no authority that everybody trusts.
  if (own.length === 0 && scope.type === 'Notary')
    throw new EntryFault([...path, 'attestors'], 'attestations of type Notary need attestors');
  const attestors = own.length > 0 ? own : (fallback ?? [readSet({ entries: [{ keyless: {} }] }, path, scope)]);
  return { name: asString(item['name']) ?? '', type, attestors, conditions: conditions.evaluate };
}

/** What an author should know of an entry that is read all the same. */
export function remarksOn(entry: JsonObject, path: DocumentPath): readonly (readonly [DocumentPath, string])[] {
  const remarks: (readonly [DocumentPath, string])[] = [];
  const credentials = asObject(entry['imageRegistryCredentials']);
  if (credentials?.['allowInsecureRegistry'] === true)
    remarks.push([
      [...path, 'imageRegistryCredentials', 'allowInsecureRegistry'],
      'makes no difference here: --insecure-registry and registries.conf say which registries need no TLS',
    ]);
  if (asArray(credentials?.['providers']).length > 0)
    remarks.push([
      [...path, 'imageRegistryCredentials', 'providers'],
      'make no difference here: credentials are those of the Secrets, of the workload and of this machine',
    ]);
  if (!isLegacy(entry))
    for (const [item, at] of itemsIn(entry['attestations'], [...path, 'attestations']))
      if (asArray(item['attestors']).length === 0)
        remarks.push([at, 'names no attestors: whoever has a certificate of the authority may have made it']);
  return remarks;
}
