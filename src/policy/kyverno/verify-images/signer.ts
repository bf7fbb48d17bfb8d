// SPDX-License-Identifier: Apache-2.0
// One entry of an attestor set as what the verification core is asked for: whose signature, with which logs and timestamps, under which names. Reads
// and checks; keys are opened only to see that they are keys. Secrets are named here and looked up in demands.ts.
import { createPublicKey } from 'node:crypto';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { FulcioClaimName } from '../../../formats/fulcio-extensions.ts';
import { fulcioClaimOf } from '../../../formats/fulcio-extensions.ts';
import { formatPem, parsePem } from '../../../formats/pem.ts';
import { parseCertificate } from '../../../formats/x509.ts';
import type { DemandedIdentity, DemandedSigner, NamedText, SignatureDemand } from '../../image-policy/demand.ts';
import { trustRootOfKeys } from '../../image-policy/trust-root-resource.ts';
import type { Hardening } from '../hardening.ts';

export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

export interface SignerEntry {
  readonly signer:
    | DemandedSigner
    | { readonly kind: 'secret'; readonly secret: SecretName; readonly hash: string | undefined };
  readonly roots: SignatureDemand['roots'];
  readonly log: 'required' | 'not-asked';
  /** Whether the policy itself says what `log` says. */
  readonly logIs: 'stated' | 'default';
  readonly timestamp: 'required' | 'not-asked';
  readonly annotations: Readonly<Record<string, string>>;
  /** Another repository than the image's. */
  readonly repository: string | undefined;
  /** Strict: why nobody's signature is enough for an entry that names nobody in particular. */
  readonly refusal?: string;
}

/** What an entry is read in. */
export interface EntryScope {
  readonly type: 'Cosign' | 'SigstoreBundle' | 'Notary';
  /** Whether keys that say nothing of logs need a log entry. */
  readonly keyLog: 'required' | 'not-asked';
  /** The same for certificates; `required` when absent. */
  readonly certificateLog?: 'required' | 'not-asked';
  /** Of a Policy: the only namespace that it may read Secrets of. Undefined for a ClusterPolicy. */
  readonly namespace: string | undefined;
  readonly hardening: Hardening;
}

/** Ends the reading of an entry with a message for its author. */
export class EntryFault extends Error {
  readonly path: DocumentPath;

  constructor(path: DocumentPath, message: string) {
    super(message);
    this.path = path;
  }
}

const ways = ['keys', 'certificates', 'keyless'] as const;
const hashes: readonly string[] = ['sha224', 'sha256', 'sha384', 'sha512'];
const longestChain = 11;

/** The entries that one entry means: a text with several keys means one for each. Throws EntryFault. */
export function readSigners(entry: JsonObject, path: DocumentPath, scope: EntryScope): readonly SignerEntry[] {
  const [way, ...others] = ways.filter((name) => entry[name] !== undefined && entry[name] !== null);
  if (way === undefined || others.length > 0)
    throw new EntryFault(path, 'exactly one of keys, certificates, keyless and attestor is required');
  if (scope.type === 'Notary' && way !== 'certificates')
    throw new EntryFault([...path, way], 'type Notary takes certificates only');
  const block = asObject(entry[way]) ?? {};
  const at = [...path, way];
  const signers =
    way === 'keys'
      ? keySigners(block, at, { ...scope, hash: asString(entry['signatureAlgorithm']) })
      : [way === 'keyless' ? keylessSigner(block, at, scope) : certificateSigner(block, at, scope)];
  const refusal = way === 'keyless' && scope.hardening === 'strict' ? unnamed(block) : undefined;
  const common = {
    ...trustOf(block, at, unstatedLog(way, scope)),
    annotations: textsOf(entry['annotations'], [...path, 'annotations']),
    repository: asString(entry['repository']),
    ...(refusal === undefined ? {} : { refusal }),
  };
  return signers.map((signer) => ({ ...common, signer }));
}

/** Whether an entry that says nothing of logs needs one. */
function unstatedLog(way: (typeof ways)[number], { keyLog, certificateLog }: EntryScope): 'required' | 'not-asked' {
  if (way === 'keys') return keyLog;
  return way === 'certificates' ? (certificateLog ?? 'required') : 'required';
}

function textsOf(value: unknown, path: DocumentPath): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(asObject(value) ?? {})) {
    if (typeof text !== 'string') throw new EntryFault([...path, key], 'a text is required');
    texts[key] = text;
  }
  return texts;
}

/** Logs and timestamps that count for the entry. */
function trustOf(
  block: JsonObject,
  path: DocumentPath,
  unstated: 'required' | 'not-asked',
): Pick<SignerEntry, 'roots' | 'log' | 'logIs' | 'timestamp'> {
  const [rekor, ctlog] = [asObject(block['rekor']), asObject(block['ctlog'])];
  const logKey = asString(rekor?.['pubkey']);
  const certificateLogKey = asString(ctlog?.['pubkey']);
  const timestampChain = asString(ctlog?.['tsaCertChain']);
  const log = logKey === undefined ? undefined : trustRootOfKeys({ logKeys: pemBlocks(logKey) });
  if (logKey !== undefined && log === undefined) throw new EntryFault([...path, 'rekor', 'pubkey'], 'not a public key');
  const promises =
    certificateLogKey === undefined ? undefined : trustRootOfKeys({ certificateLogKeys: pemBlocks(certificateLogKey) });
  if (certificateLogKey !== undefined && promises === undefined)
    throw new EntryFault([...path, 'ctlog', 'pubkey'], 'not a public key');
  const timestamps = timestampChain === undefined ? undefined : trustRootOfKeys({ timestampChain });
  if (timestampChain !== undefined && timestamps === undefined)
    throw new EntryFault([...path, 'ctlog', 'tsaCertChain'], 'no certificates');
  return {
    roots: {
      certificates: undefined,
      log,
      timestamps,
      ...(promises === undefined ? {} : { certificateLogs: promises }),
    },
    log: rekor === undefined ? unstated : rekor['ignoreTlog'] === true ? 'not-asked' : 'required',
    logIs: rekor === undefined ? 'default' : 'stated',
    timestamp: timestampChain === undefined ? 'not-asked' : 'required',
  };
}

function pemBlocks(text: string): readonly string[] {
  const blocks = parsePem(text);
  return blocks.kind === 'parsed' && blocks.value.length > 0 ? blocks.value.map((block) => formatPem(block)) : [text];
}

function keySigners(
  keys: JsonObject,
  path: DocumentPath,
  scope: EntryScope & { readonly hash: string | undefined },
): readonly SignerEntry['signer'][] {
  const hash = asString(keys['signatureAlgorithm']) ?? scope.hash;
  if (hash !== undefined && !hashes.includes(hash))
    throw new EntryFault([...path, 'signatureAlgorithm'], `must be one of ${hashes.join(', ')}`);
  const [way, ...others] = ['publicKeys', 'secret', 'kms'].filter((name) => keys[name] !== undefined);
  if (way === undefined || others.length > 0)
    throw new EntryFault(path, 'exactly one of publicKeys, secret and kms is required');
  if (way === 'kms') {
    const reference = (asString(keys['kms']) ?? '').trim();
    if (!/^[a-z][a-z0-9+.-]{1,40}:\/\/./.test(reference))
      throw new EntryFault([...path, way], 'names no key store: awskms://..., hashivault://... and so on');
    return [{ kind: 'key-store', reference, hash }];
  }
  if (way === 'secret') {
    const named = asObject(keys['secret']) ?? {};
    const secret = { namespace: asString(named['namespace']) ?? '', name: asString(named['name']) ?? '' };
    return [{ kind: 'secret', secret: allowedSecret(secret, [...path, way], scope), hash }];
  }
  return publicKeys(asString(keys['publicKeys']) ?? '', [...path, way], { scope, hash });
}

/** A Secret of another namespace is no business of a policy that only has its own. */
function allowedSecret(secret: SecretName, path: DocumentPath, { namespace }: EntryScope): SecretName {
  if (secret.name === '') throw new EntryFault(path, 'the name of a Secret is required');
  if (namespace === undefined || secret.namespace === namespace) return secret;
  throw new EntryFault(path, `a Policy of the namespace ${namespace} reads Secrets of that namespace only`);
}

/** PEM texts, or a reference: `k8s://NAMESPACE/SECRET`, or that of a key store. */
function publicKeys(
  written: string,
  path: DocumentPath,
  { scope, hash }: { readonly scope: EntryScope; readonly hash: string | undefined },
): readonly SignerEntry['signer'][] {
  const text = written.trim();
  const scheme = /^([a-z][a-z0-9+.-]{1,40}):\/\//.exec(text)?.[1];
  if (scheme === 'k8s') {
    const [namespace = '', name = ''] = text.slice('k8s://'.length).split('/');
    return [{ kind: 'secret', secret: allowedSecret({ namespace, name }, path, scope), hash }];
  }
  if (scheme !== undefined) return [{ kind: 'key-store', reference: text, hash }];
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed')
    throw new EntryFault(path, `not a public key: ${blocks.reason}; put the text of cosign.pub here`);
  if (blocks.value.length === 0)
    throw new EntryFault(path, 'not a public key: there is no PEM block; put the text of cosign.pub here');
  return blocks.value.map((block) => {
    const pem = formatPem(block);
    if (!isPublicKey(block.label, pem))
      throw new EntryFault(
        path,
        `not a public key: the PEM block ${block.label} holds none; put the text of cosign.pub here`,
      );
    return { kind: 'keys', pem, hash };
  });
}

function isPublicKey(label: string, pem: string): boolean {
  if (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY') return false;
  try {
    return createPublicKey(pem).type === 'public';
  } catch {
    return false;
  }
}

/** PEM, or base64 of it. */
function certificateText(value: unknown, path: DocumentPath): string | undefined {
  const written = asString(value)?.trim();
  if (written === undefined || written === '') return undefined;
  const text = written.startsWith('-----') ? written : Buffer.from(written, 'base64').toString('latin1');
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed' || blocks.value.length === 0) throw new EntryFault(path, 'not a certificate');
  if (blocks.value.length > longestChain) throw new EntryFault(path, `more than ${longestChain} certificates`);
  for (const { label, bytes } of blocks.value)
    if (label !== 'CERTIFICATE' || parseCertificate(bytes).kind === 'malformed')
      throw new EntryFault(path, 'not a certificate');
  return blocks.value.map((block) => formatPem(block)).join('');
}

function certificateSigner(block: JsonObject, path: DocumentPath, { type }: EntryScope): DemandedSigner {
  const certificate = certificateText(block['cert'], [...path, 'cert']);
  const chain = certificateText(block['certChain'], [...path, 'certChain']);
  if (certificate === undefined && chain === undefined) throw new EntryFault(path, 'cert or certChain is required');
  if (type === 'Notary') {
    const stamps = asString(asObject(block['ctlog'])?.['tsaCertChain']);
    const certificates = `${certificate ?? ''}${chain ?? ''}`;
    return { kind: 'notation', certificates, ...(stamps === undefined ? {} : { timestampAuthorities: stamps }) };
  }
  return { kind: 'own-certificate', certificate, authorities: chain };
}

/** Names that Kyverno knows for the object ids of the first six claims. */
const claimNames: Readonly<Record<string, FulcioClaimName>> = {
  oidcIssuer: 'issuerV1',
  githubWorkflowTrigger: 'workflowTrigger',
  githubWorkflowSha: 'workflowSha',
  githubWorkflowName: 'workflowName',
  githubWorkflowRepository: 'workflowRepository',
  githubWorkflowRef: 'workflowRef',
};

/** Which part of an identity is left open, so that everybody meets it. */
function unnamed(block: JsonObject): string | undefined {
  const isNamed = (part: string): boolean => [part, `${part}RegExp`].some((key) => (asString(block[key]) ?? '') !== '');
  const open = ['issuer', 'subject'].filter((part) => !isNamed(part));
  return open.length === 0 ? undefined : `keyless names no ${open.join(' and no ')}, so that anybody could have signed`;
}

function keylessSigner(block: JsonObject, path: DocumentPath, { hardening }: EntryScope): DemandedSigner {
  const claims: Partial<Record<FulcioClaimName, readonly NamedText[]>> = {};
  for (const [name, value] of Object.entries(
    textsOf(block['additionalExtensions'], [...path, 'additionalExtensions']),
  )) {
    const claim = Object.hasOwn(claimNames, name) ? claimNames[name] : fulcioClaimOf(name);
    if (claim === undefined)
      throw new EntryFault([...path, 'additionalExtensions', name], 'no extension of a certificate');
    claims[claim] = [{ kind: 'pattern', text: globExpression(value, hardening) }];
  }
  const identity: DemandedIdentity = {
    issuer: namedTexts(block, 'issuer', { path, hardening }),
    subject: namedTexts(block, 'subject', { path, hardening }),
    ...(Object.keys(claims).length === 0 ? {} : { claims }),
  };
  const isLogged = asObject(block['ctlog'])?.['ignoreSCT'] !== true;
  return {
    kind: 'keyless',
    identities: [identity],
    authorities: certificateText(block['roots'], [...path, 'roots']),
    certificateLog: isLogged ? 'required' : 'not-asked',
  };
}

/** A glob, an expression that may match anywhere (strict: the whole name), or both; neither: whoever it is. */
function namedTexts(
  block: JsonObject,
  part: 'issuer' | 'subject',
  { path, hardening }: { readonly path: DocumentPath; readonly hardening: Hardening },
): readonly NamedText[] {
  const [glob, expression] = [asString(block[part]) ?? '', asString(block[`${part}RegExp`]) ?? ''];
  const texts: NamedText[] = [];
  if (glob !== '') texts.push({ kind: 'pattern', text: globExpression(glob, hardening) });
  if (expression !== '') {
    if (expression.length > 1_000) throw new EntryFault([...path, `${part}RegExp`], 'longer than 1000 characters');
    const text = hardening === 'strict' ? `(?:${expression})` : `(?s:.*)(?:${expression})(?s:.*)`;
    texts.push({ kind: 'pattern', text });
  }
  return texts.length === 0 ? [{ kind: 'pattern', text: '(?s).*' }] : texts;
}

/** `*` any text, `?` one character, as an RE2 expression for the whole text. Strict: neither is a slash. */
function globExpression(glob: string, hardening: Hardening): string {
  const escaped = glob.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
  const one = hardening === 'strict' ? '[^/]' : '.';
  return `(?s)${escaped.replaceAll('*', `${one}*`).replaceAll('?', one)}`;
}

/** Entries of a list that may be missing, with their places. */
export function itemsIn(value: unknown, path: DocumentPath): readonly (readonly [JsonObject, DocumentPath])[] {
  return asArray(value).map((item, index) => [asObject(item) ?? {}, [...path, index]]);
}
