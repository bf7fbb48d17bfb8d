// SPDX-License-Identifier: Apache-2.0
// Attestors of an ImageValidatingPolicy as what the verification core is asked for: whose signature, with which logs and timestamps, kept where. Those
// without expressions are read when the policy is loaded, so that a fault is told there. Asking is image-session.ts.
import { hash } from 'node:crypto';
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { CelEnvironment } from '../../cel/environment.ts';
import { callCostLimit } from '../../cel/kubernetes.ts';
import type { CelProgram } from '../../cel/program.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, typeNameOf } from '../../cel/values.ts';
import type { DemandedIdentity, NamedText, SignatureDemand } from '../../image-policy/demand.ts';
import type { TrustRootResource } from '../../image-policy/trust-root-resource.ts';
import type { EntryScope, SignerEntry } from '../verify-images/signer.ts';
import { EntryFault, readSigners } from '../verify-images/signer.ts';
import type { CelPolicyCompiler } from './core.ts';

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

export interface Attestor {
  readonly name: string;
  /** `values`: those of the expressions of the policy. */
  readonly resolve: (values: readonly CelValue[]) => AttestedBy | CelError;
}

export type AttestorScope = Omit<EntryScope, 'type'>;

interface Written {
  readonly path: readonly string[];
  readonly program: CelProgram;
  /** Member that takes the result. */
  readonly target: string;
}

/** Where an attestor may have an expression in the place of a text. */
const expressionPlaces: readonly (readonly [path: readonly string[], target: string])[] = [
  [['cosign', 'key'], 'data'],
  [['cosign', 'certificate', 'cert'], 'value'],
  [['cosign', 'certificate', 'certChain'], 'value'],
  [['cosign', 'trustedRoot'], 'value'],
  [['cosign', 'keyless', 'trustedRoot'], 'value'],
  [['notary', 'certs'], 'value'],
  [['notary', 'tsaCerts'], 'value'],
];

/** Reads one attestor; faults gather in the compiler. `environment` is that of expressions that see variables. */
export function compileAttestor(
  attestor: JsonObject,
  path: DocumentPath,
  {
    compiler,
    environment,
    scope,
  }: { readonly compiler: CelPolicyCompiler; readonly environment: CelEnvironment; readonly scope: AttestorScope },
): Attestor {
  const name = asString(attestor['name']) ?? '';
  const written = expressionPlaces.flatMap(([at, target]): Written[] => {
    const place = at.reduce<JsonObject | undefined>((value, key) => asObject(value?.[key]), attestor);
    if (place?.['expression'] === undefined) return [];
    const program = compiler.program(place['expression'], environment, [...path, ...at, 'expression']);
    return program === undefined ? [] : [{ path: at, program, target }];
  });
  if (written.length === 0) {
    const read = readAttestor(attestor, path, scope);
    if (read instanceof EntryFault) compiler.refuse(read.message, read.path);
    return { name, resolve: () => (read instanceof EntryFault ? new CelError(read.message) : read) };
  }
  return { name, resolve: resolver({ name, attestor, path, written, scope }) };
}

/** Keys that expressions gave lately: objects of one namespace mostly have the same. */
const mostKnown = 50;

function resolver({
  name,
  attestor,
  path,
  written,
  scope,
}: {
  readonly name: string;
  readonly attestor: JsonObject;
  readonly path: DocumentPath;
  readonly written: readonly Written[];
  readonly scope: AttestorScope;
}): Attestor['resolve'] {
  const known = new Map<string, AttestedBy | CelError>();
  return (values) => {
    const texts: string[] = [];
    for (const { program } of written) {
      const { value } = program.evaluateSlots(values, callCostLimit);
      if (value instanceof CelError) return new CelError(`attestor ${name}: ${value.message}`);
      if (typeof value !== 'string')
        return new CelError(`attestor ${name}: an expression must give a string, not ${typeNameOf(value)}`);
      texts.push(value);
    }
    const key = canonicalJson(texts);
    const before = known.get(key);
    if (before !== undefined) return before;
    let whole: JsonObject = attestor;
    for (const [index, { path: at, target }] of written.entries())
      whole = withMember(whole, at, { [target]: texts[index] ?? '' });
    const read = readAttestor(whole, path, scope);
    const answer = read instanceof EntryFault ? new CelError(`attestor ${name}: ${read.message}`) : read;
    if (known.size >= mostKnown) known.clear();
    known.set(key, answer);
    return answer;
  };
}

function withMember(object: JsonObject, [key, ...rest]: readonly string[], members: JsonObject): JsonObject {
  if (key === undefined) {
    const { expression: _, ...others } = object;
    return { ...others, ...members };
  }
  return { ...object, [key]: withMember(asObject(object[key]) ?? {}, rest, members) };
}

function readAttestor(attestor: JsonObject, path: DocumentPath, scope: AttestorScope): AttestedBy | EntryFault {
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

/** Text, or the `value` of an object that could also have an expression. */
function valueOf(written: unknown): string | undefined {
  const text = asString(written) ?? asString(asObject(written)?.['value']);
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** Logs and timestamps in the words of a verifyImages rule. A block that says nothing of the log asks for an entry. */
function trustOf(ctlog: JsonObject | undefined): JsonObject {
  if (ctlog === undefined) return {};
  return {
    rekor: { url: ctlog['url'], pubkey: textOf(ctlog['rekorPubKey']), ignoreTlog: ctlog['insecureIgnoreTlog'] },
    ctlog: {
      pubkey: textOf(ctlog['ctLogPubKey']),
      ignoreSCT: ctlog['insecureIgnoreSCT'],
      tsaCertChain: textOf(ctlog['tsaCertChain']),
    },
  };
}

/** Go writes texts that are not there as empty ones. */
function textOf(value: unknown): string | undefined {
  return value === '' ? undefined : asString(value);
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

/**
 * Names are meant as they stand, expressions match anywhere; where both are written both must hold (sigstore/cosign pkg/cosign, Identity). Strict: an
 * expression is for the whole name, and an identity that leaves issuer or subject open is nobody's.
 */
function withIdentities(
  entry: SignerEntry & { readonly signer: Extract<SignerEntry['signer'], { readonly kind: 'keyless' }> },
  keyless: JsonObject,
  { path, scope }: { readonly path: DocumentPath; readonly scope: AttestorScope },
): SignerEntry {
  const written = asArray(keyless['identities']).map((item) => asObject(item) ?? {});
  if (written.length === 0) throw new EntryFault([...path, 'identities'], 'must name somebody');
  const identities = written.flatMap((identity, index): DemandedIdentity[] => {
    const at = [...path, 'identities', index];
    const texts = (part: 'issuer' | 'subject'): readonly NamedText[] =>
      namedTexts(identity, part, { path: at, hardening: scope.hardening });
    const [issuer, subject] = [texts('issuer'), texts('subject')];
    return issuer.length === 0 || subject.length === 0 ? [] : [{ issuer, subject }];
  });
  const refusal =
    identities.length === 0
      ? { refusal: 'no identity names both issuer and subject, so that anybody could have signed' }
      : {};
  return { ...entry, signer: { ...entry.signer, identities }, ...refusal };
}

const longestExpression = 1_000;

function namedTexts(
  identity: JsonObject,
  part: 'issuer' | 'subject',
  { path, hardening }: { readonly path: DocumentPath; readonly hardening: AttestorScope['hardening'] },
): readonly NamedText[] {
  const [exact, expression] = [textOf(identity[part]), textOf(identity[`${part}RegExp`])];
  if (expression !== undefined && expression.length > longestExpression)
    throw new EntryFault([...path, `${part}RegExp`], `longer than ${longestExpression} characters`);
  const whole = hardening === 'strict' ? `(?:${expression})` : `(?s:.*)(?:${expression})(?s:.*)`;
  const texts: NamedText[] = [
    ...(exact === undefined ? [] : [{ kind: 'exact' as const, text: exact }]),
    ...(expression === undefined ? [] : [{ kind: 'pattern' as const, text: whole }]),
  ];
  return texts.length === 0 && hardening !== 'strict' ? [{ kind: 'pattern', text: '(?s).*' }] : texts;
}

/** A trust root of the policy's own takes every place that nothing else is written for. */
function rootsOf(own: SignatureDemand['roots'], trustedRoot: string | undefined): SignatureDemand['roots'] {
  if (trustedRoot === undefined) return own;
  const root: TrustRootResource = {
    name: `trusted root of the policy ${hash('sha256', trustedRoot)}`,
    content: { kind: 'file', text: trustedRoot },
  };
  return {
    certificates: root,
    log: own.log ?? root,
    timestamps: own.timestamps ?? root,
    certificateLogs: own.certificateLogs ?? root,
  };
}

/** Repositories of the public Sigstore, whose root is at hand. */
const publicMirrors: readonly string[] = [
  'https://tuf-repo-cdn.sigstore.dev',
  'https://sigstore-tuf-root.storage.googleapis.com',
];

/** A policy makes nobody here fetch anything but images and their signatures. */
function refuseUpdatedRoot(tuf: JsonObject | undefined, path: DocumentPath): void {
  if (tuf === undefined) return;
  const mirror = (textOf(tuf['mirror']) ?? publicMirrors[0] ?? '').replace(/\/+$/, '');
  const root = asObject(tuf['root']) ?? {};
  const hasRoot = textOf(root['path']) !== undefined || textOf(root['data']) !== undefined;
  if (publicMirrors.includes(mirror) && !hasRoot) return;
  throw new EntryFault(
    path,
    'this repository is not asked; fetch it with "trust-root update" and name the file with --trusted-root, or put it in trustedRoot.value',
  );
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
