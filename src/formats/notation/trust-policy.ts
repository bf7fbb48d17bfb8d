// SPDX-License-Identifier: Apache-2.0
// Trust policies of the Notary Project (notaryproject/specifications, trust-store-trust-policy.md): trustpolicy.json and trustpolicy.oci.json for
// images, trustpolicy.blob.json for files. A policy with anything that is not understood is refused whole: it would promise what nobody checks.
import type { DistinguishedName } from '../distinguished-name.ts';
import { parseNameText } from '../distinguished-name.ts';
import { asString, asStrings } from '../document.ts';
import type { Parsed } from '../parsed.ts';
import { malformed, parsing, required } from '../parsed.ts';
import { MemberReader, parseStrictJson } from '../strict-json.ts';

export const checkNames = ['integrity', 'authenticity', 'authenticTimestamp', 'expiry', 'revocation'] as const;
export type CheckName = (typeof checkNames)[number];

/** `enforce`: a failure refuses; `log`: it is told; `skip`: it is not looked at. */
export type CheckAction = 'enforce' | 'log' | 'skip';
export type CheckActions = Readonly<Record<CheckName, CheckAction>>;

export const trustStoreTypes = ['ca', 'signingAuthority', 'tsa'] as const;
export type TrustStoreType = (typeof trustStoreTypes)[number];

export interface TrustStoreName {
  readonly type: TrustStoreType;
  readonly name: string;
}

export type VerificationLevel = 'strict' | 'permissive' | 'audit' | 'skip';

export interface TrustedIdentity {
  /** As it stands in the policy. */
  readonly text: string;
  readonly subject: DistinguishedName;
}

export interface TrustPolicyStatement {
  readonly name: string;
  readonly level: VerificationLevel;
  readonly actions: CheckActions;
  readonly verifyTimestamp: 'always' | 'afterCertExpiry';
  readonly trustStores: readonly TrustStoreName[];
  /** `anyone`: everybody whom a trusted authority has certified. */
  readonly trustedIdentities: 'anyone' | readonly TrustedIdentity[];
  /** Repositories, or `*`; empty in a policy for blobs. */
  readonly registryScopes: readonly string[];
  readonly isGlobal: boolean;
}

export interface TrustPolicy {
  readonly kind: 'oci' | 'blob';
  readonly statements: readonly TrustPolicyStatement[];
}

/** trust-store-trust-policy.md, "Signature Verification details". */
export const levelActions: Readonly<Record<VerificationLevel, CheckActions>> = {
  strict: actions('enforce', 'enforce', 'enforce', 'enforce'),
  permissive: actions('enforce', 'log', 'log', 'log'),
  audit: actions('log', 'log', 'log', 'log'),
  skip: { integrity: 'skip', authenticity: 'skip', authenticTimestamp: 'skip', expiry: 'skip', revocation: 'skip' },
};

function actions(...rest: [CheckAction, CheckAction, CheckAction, CheckAction]): CheckActions {
  const [authenticity, authenticTimestamp, expiry, revocation] = rest;
  return { integrity: 'enforce', authenticity, authenticTimestamp, expiry, revocation };
}

const limits = { bytes: 1024 * 1024, depth: 16 };
const mostStatements = 1_000;
const mostEntries = 1_000;

/** Reads a policy of the kind; both kinds look alike but for scopes. */
export function parseTrustPolicy(bytes: Uint8Array, kind: TrustPolicy['kind']): Parsed<TrustPolicy> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'trust policy'));
    refuseStrangers(root, ['version', 'trustPolicies']);
    const version = root.text('version');
    if (version !== '1.0') root.fail('version', `${version.slice(0, 20)} is not known; 1.0 is`);
    const statements = root.members('trustPolicies', mostStatements).map((item) => readStatement(item, kind));
    if (statements.length === 0) root.fail('trustPolicies', 'there is no statement');
    refuseRepeated(
      statements.map(({ name }) => name),
      'the name',
    );
    refuseRepeated(
      statements.flatMap(({ registryScopes }) => registryScopes),
      'the scope',
    );
    if (statements.filter(({ isGlobal }) => isGlobal).length > 1) malformed('two statements are the global policy');
    return { kind, statements };
  });
}

function refuseRepeated(items: readonly string[], what: string): void {
  const again = items.find((item, index) => items.indexOf(item) !== index);
  if (again !== undefined) malformed(`${what} "${again}" stands twice`);
}

const commonMembers = ['name', 'signatureVerification', 'trustStores', 'trustedIdentities'];

function refuseStrangers(reader: MemberReader, known: readonly string[]): void {
  const stranger = Object.keys(reader.object).find((name) => !known.includes(name));
  if (stranger !== undefined) reader.fail(stranger.slice(0, 60), 'not a member that is known here');
}

function readStatement(source: MemberReader, kind: TrustPolicy['kind']): TrustPolicyStatement {
  refuseStrangers(source, [...commonMembers, kind === 'oci' ? 'registryScopes' : 'globalPolicy']);
  const name = source.text('name').trim();
  if (name === '') source.fail('name', 'a name is required');
  const verification = readVerification(source.member('signatureVerification'));
  const isGlobal = source.object['globalPolicy'] === true;
  if (source.has('globalPolicy') && typeof source.object['globalPolicy'] !== 'boolean')
    source.fail('globalPolicy', 'true or false is required');
  if (isGlobal && verification.level === 'skip') source.fail('globalPolicy', 'the global policy cannot be "skip"');
  const registryScopes = kind === 'oci' ? readScopes(source) : [];
  const stores = textsOf(source, 'trustStores').map((text) => readStoreName(source, text));
  const identities = textsOf(source, 'trustedIdentities');
  if (verification.level === 'skip') {
    if (stores.length > 0 || identities.length > 0)
      malformed(`${name}: the level "skip" has neither trust stores nor trusted identities`);
  } else if (stores.length === 0 || identities.length === 0)
    malformed(`${name}: trust stores and trusted identities are required`);
  return {
    name,
    ...verification,
    trustStores: stores,
    trustedIdentities: readIdentities(source, identities),
    registryScopes,
    isGlobal,
  };
}

function textsOf(source: MemberReader, name: string): readonly string[] {
  const list = source.list(name, mostEntries);
  const texts = asStrings(list);
  if (texts.length !== list.length || texts.some((text) => text === '')) source.fail(name, 'texts are required');
  return texts;
}

type Verification = Pick<TrustPolicyStatement, 'level' | 'actions' | 'verifyTimestamp'>;

function readVerification(source: MemberReader): Verification {
  refuseStrangers(source, ['level', 'override', 'verifyTimestamp']);
  const level = levelOf(source.text('level')) ?? source.fail('level', 'strict, permissive, audit or skip is required');
  const verifyTimestamp = source.optionalText('verifyTimestamp') ?? 'always';
  if (verifyTimestamp !== 'always' && verifyTimestamp !== 'afterCertExpiry' && verifyTimestamp !== '')
    return source.fail('verifyTimestamp', 'always or afterCertExpiry is required');
  const override = source.optionalMember('override');
  const changed: Partial<Record<CheckName, CheckAction>> = {};
  for (const name of Object.keys(override?.object ?? {})) {
    if (override === undefined) break;
    if (level === 'skip') override.fail(name, 'the level "skip" cannot be overridden');
    const check = checkNames.find((known) => known === name);
    const action = asString(override.object[name]);
    if (check === undefined) return override.fail(name, 'not a check');
    if (check === 'integrity') override.fail(name, 'integrity is always enforced');
    if (action !== 'enforce' && action !== 'log' && action !== 'skip')
      return override.fail(name, 'enforce, log or skip is required');
    // Matches notation: only the look at revocation can be left out.
    if (action === 'skip' && check !== 'revocation') override.fail(name, 'only revocation can be skipped');
    changed[check] = action;
  }
  return {
    level,
    actions: { ...levelActions[level], ...changed },
    verifyTimestamp: verifyTimestamp === 'afterCertExpiry' ? 'afterCertExpiry' : 'always',
  };
}

function levelOf(text: string): VerificationLevel | undefined {
  return (['strict', 'permissive', 'audit', 'skip'] as const).find((level) => level === text);
}

const storeName = /^[a-zA-Z0-9_.-]{1,255}$/;

/** Whether a trust store may be called so: what could lead out of the folder is no name. */
export function isStoreName(name: string): boolean {
  return storeName.test(name) && name !== '.' && name !== '..';
}

function readStoreName(source: MemberReader, text: string): TrustStoreName {
  const colon = text.indexOf(':');
  const type = trustStoreTypes.find((known) => known === text.slice(0, colon));
  const name = text.slice(colon + 1);
  if (type === undefined) return source.fail('trustStores', `"${text.slice(0, 60)}" is not of the form TYPE:NAME`);
  return isStoreName(name)
    ? { type, name }
    : source.fail('trustStores', `"${name.slice(0, 60)}" is no name of a store`);
}

const scope =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,253}[a-zA-Z0-9])?|\[[0-9a-fA-F:]{2,45}\])(?::[0-9]{1,5})?\/[a-z0-9][a-z0-9._/-]{0,254}$/;

function readScopes(source: MemberReader): readonly string[] {
  const scopes = textsOf(source, 'registryScopes');
  if (scopes.length === 0) source.fail('registryScopes', 'a scope is required');
  if (scopes.length > 1 && scopes.includes('*')) source.fail('registryScopes', '"*" must stand alone');
  for (const item of scopes)
    if (item !== '*' && (!scope.test(item) || /[._/-]$|\/\//.test(item)))
      source.fail('registryScopes', `"${item.slice(0, 80)}" is not REGISTRY/REPOSITORY without tag or wildcard`);
  return scopes;
}

function readIdentities(source: MemberReader, texts: readonly string[]): 'anyone' | readonly TrustedIdentity[] {
  if (texts.includes('*')) {
    if (texts.length > 1) source.fail('trustedIdentities', '"*" must stand alone');
    return 'anyone';
  }
  const identities = texts.map((text) => readIdentity(source, text));
  for (const [index, first] of identities.entries())
    for (const second of identities.slice(index + 1))
      if (holds(first.subject, second.subject) || holds(second.subject, first.subject))
        source.fail('trustedIdentities', `"${first.text}" and "${second.text}" overlap`);
  return identities;
}

function readIdentity(source: MemberReader, text: string): TrustedIdentity {
  const prefix = 'x509.subject:';
  // Other kinds belong to plugins; nothing here could tell whom they name.
  if (!text.startsWith(prefix))
    return source.fail('trustedIdentities', `"${text.slice(0, 80)}" is not x509.subject:NAME`);
  const subject = required(parseNameText(text.slice(prefix.length)), `trustedIdentities "${text.slice(0, 120)}"`);
  for (const key of ['C', 'ST', 'O'])
    if (!subject.has(key)) source.fail('trustedIdentities', `"${text.slice(0, 120)}" has no ${key}`);
  return { text, subject };
}

/** Whether `name` has every attribute of `part` with the same value. */
export function holds(name: DistinguishedName, part: DistinguishedName): boolean {
  return [...part].every(([key, value]) => name.get(key) === value);
}

/** The statement for a repository: the one that names it, else the one for all. */
export function statementForRepository(policy: TrustPolicy, repository: string): TrustPolicyStatement | undefined {
  const { statements } = policy;
  return (
    statements.find(({ registryScopes }) => registryScopes.includes(repository)) ??
    statements.find(({ registryScopes }) => registryScopes.includes('*'))
  );
}

/** The statement for a file: the one of that name, or the global one when no name is given. */
export function statementForBlob(policy: TrustPolicy, name: string | undefined): TrustPolicyStatement | undefined {
  return policy.statements.find((statement) => (name === undefined ? statement.isGlobal : statement.name === name));
}
