// SPDX-License-Identifier: Apache-2.0
// Attestor sets of a verifyImages entry as attestors of an ImageValidatingPolicy, and as the expression that counts them.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, entriesOf } from '../../../formats/document.ts';
import { formatPem, parsePem } from '../../../formats/pem.ts';
import { hasWildcard } from '../../../formats/wildcard.ts';
import { hasVariables } from '../substitute.ts';
import { allOf, anyOf, CannotCarryOver, valueOf } from './cel-text.ts';
import { interpolated } from './conditions.ts';
import type { Scope } from './jmespath.ts';
import { globExpression } from './leaf.ts';

export interface AttestorOptions {
  readonly type: string;
  readonly repository: string | undefined;
  readonly scope: Scope;
}

/** Gathers attestors under names; the same one is written once. */
export class Attestors {
  readonly list: JsonObject[] = [];
  readonly #options: AttestorOptions;
  readonly #names = new Map<string, string>();

  constructor(options: AttestorOptions) {
    this.#options = options;
  }

  /** Whether all sets are met; `count` writes the call that counts attestors of a list. Throws CannotCarryOver. */
  setsToCel(sets: readonly JsonObject[], count: (attestors: string) => string): string {
    return allOf(sets.map((set) => this.#setToCel(set, count)));
  }

  #setToCel(set: JsonObject, count: (attestors: string) => string): string {
    const entries = asArray(set['entries']).map((item) => asObject(item) ?? {});
    const own = entries.filter((entry) => asObject(entry['attestor']) === undefined);
    const names = own.flatMap((entry) => this.#namesOf(entry));
    const nested = entries.map((entry) => asObject(entry['attestor'])).filter((inner) => inner !== undefined);
    const total = names.length + nested.length;
    const wanted = typeof set['count'] === 'number' && set['count'] > 0 ? set['count'] : total;
    if (nested.length === 0) return `${count(listOf(names))} >= ${wanted}`;
    const each = [
      ...names.map((name) => `${count(listOf([name]))} > 0`),
      ...nested.map((inner) => this.#setToCel(inner, count)),
    ];
    if (wanted === total) return allOf(each);
    if (wanted === 1) return `(${anyOf(each)})`;
    return `[${each.join(', ')}].filter(isMet, isMet).size() >= ${wanted}`;
  }

  #namesOf(entry: JsonObject): readonly string[] {
    return attestorsOf(entry, this.#options).map((attestor) => {
      const key = JSON.stringify(attestor);
      const known = this.#names.get(key);
      if (known !== undefined) return known;
      const name = this.list.length === 0 ? 'signer' : `signer${this.list.length + 1}`;
      this.#names.set(key, name);
      this.list.push({ name, ...attestor });
      return name;
    });
  }
}

function listOf(names: readonly string[]): string {
  return `[${names.map((name) => `attestors.${name}`).join(', ')}]`;
}

/** A text with several keys means as many attestors. */
function attestorsOf(entry: JsonObject, { type, repository, scope }: AttestorOptions): readonly JsonObject[] {
  const [way] = ['keys', 'certificates', 'keyless'].filter((name) => asObject(entry[name]) !== undefined);
  const block = asObject(entry[way ?? '']) ?? {};
  if (hasVariables({ ...entry, ...(way === 'keys' ? { keys: { ...block, publicKeys: '' } } : {}) }))
    throw new CannotCarryOver('variables in attestors, other than for a key');
  if (type === 'Notary') {
    const certs = [block['cert'], block['certChain']].map((part) => pemOf(part) ?? '').join('');
    const stamps = pemOf(asObject(block['ctlog'])?.['tsaCertChain']);
    return [{ notary: { certs: { value: certs }, ...(stamps === undefined ? {} : { tsaCerts: { value: stamps } }) } }];
  }
  const source = asString(entry['repository']) ?? repository;
  const common = {
    ...logsOf(block),
    ...(source === undefined ? {} : { source: { repository: source } }),
    ...(entriesOf(entry['annotations']).length === 0 ? {} : { annotations: entry['annotations'] }),
  };
  if (way === 'keys') return keysOf(block, scope).map((key) => ({ cosign: { key, ...common } }));
  if (way === 'keyless') return [{ cosign: { keyless: keylessOf(block), ...common } }];
  if (way !== 'certificates') throw new CannotCarryOver('an attestor without keys, certificates and keyless');
  const parts = ['cert', 'certChain'].flatMap((name) => {
    const value = pemOf(block[name]);
    return value === undefined ? [] : [[name, { value }] as const];
  });
  return [{ cosign: { certificate: Object.fromEntries(parts), ...common } }];
}

/** Where rules say nothing of a log, attestors say nothing of it. */
function logsOf(block: JsonObject): JsonObject {
  const [rekor, ctlog] = [asObject(block['rekor']), asObject(block['ctlog'])];
  if (rekor === undefined && ctlog === undefined) return {};
  const members: readonly (readonly [string, unknown])[] = [
    // Kyverno wants an address wherever there is anything to say of logs.
    ['url', asString(rekor?.['url']) ?? 'https://rekor.sigstore.dev'],
    ['rekorPubKey', rekor?.['pubkey']],
    ['insecureIgnoreTlog', rekor?.['ignoreTlog'] === true ? true : undefined],
    ['ctLogPubKey', ctlog?.['pubkey']],
    ['tsaCertChain', ctlog?.['tsaCertChain']],
    ['insecureIgnoreSCT', ctlog?.['ignoreSCT'] === true ? true : undefined],
  ];
  return { ctlog: Object.fromEntries(members.filter(([, value]) => value !== undefined)) };
}

function keysOf(keys: JsonObject, scope: Scope): readonly JsonObject[] {
  const algorithm = asString(keys['signatureAlgorithm']);
  const shared = algorithm === undefined ? {} : { hashAlgorithm: algorithm };
  const kms = asString(keys['kms']);
  if (kms !== undefined) return [{ kms, ...shared }];
  const secret = asObject(keys['secret']);
  if (secret !== undefined)
    return [{ kms: `k8s://${asString(secret['namespace']) ?? ''}/${asString(secret['name']) ?? ''}`, ...shared }];
  const text = (asString(keys['publicKeys']) ?? '').trim();
  if (text.includes('{{')) return [{ expression: valueOf(interpolated(text, scope).place), ...shared }];
  if (/^[a-z][a-z0-9+.-]{1,40}:\/\//.test(text)) return [{ kms: text, ...shared }];
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed') throw new CannotCarryOver('a key that is no PEM');
  return blocks.value.map((each) => ({ data: formatPem(each), ...shared }));
}

/** Names with wildcards become expressions; where both are written both must hold, and Kyverno's attestors look at one only. */
function keylessOf(keyless: JsonObject): JsonObject {
  if (entriesOf(keyless['additionalExtensions']).length > 0)
    throw new CannotCarryOver('keyless.additionalExtensions, which attestors do not have');
  const identity = Object.fromEntries(['issuer', 'subject'].flatMap((part) => identityOf(keyless, part)));
  const roots = pemOf(keyless['roots']);
  return { identities: [identity], ...(roots === undefined ? {} : { roots }) };
}

function identityOf(keyless: JsonObject, part: string): readonly (readonly [string, string])[] {
  const [name, expression] = [asString(keyless[part]) ?? '', asString(keyless[`${part}RegExp`]) ?? ''];
  if (name !== '' && expression !== '') throw new CannotCarryOver(`${part} beside ${part}RegExp`);
  if (expression !== '') return [[`${part}RegExp`, expression]];
  if (name === '') return [[`${part}RegExp`, '.*']];
  return hasWildcard(name) ? [[`${part}RegExp`, globExpression(name)]] : [[part, name]];
}

/** PEM, also of what is written in base64. */
function pemOf(value: unknown): string | undefined {
  const text = asString(value)?.trim() ?? '';
  if (text === '') return undefined;
  return text.startsWith('-----') ? `${text}\n` : Buffer.from(text, 'base64').toString('latin1');
}
