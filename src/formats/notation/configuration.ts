// SPDX-License-Identifier: Apache-2.0
// Files of notation's configuration folder besides trust policies: signingkeys.json (which keys sign) and config.json (defaults).
import { asStrings, entriesOf } from '../document.ts';
import type { Parsed } from '../parsed.ts';
import { malformed, parsing, required } from '../parsed.ts';
import { MemberReader, parseStrictJson } from '../strict-json.ts';
import type { EnvelopeFormat } from './envelope.ts';

/** A key in files, or one that a plugin holds. */
export type SigningKey =
  | { readonly kind: 'files'; readonly name: string; readonly keyPath: string; readonly certificatePath: string }
  | {
      readonly kind: 'plugin';
      readonly name: string;
      readonly id: string;
      readonly plugin: string;
      readonly settings: ReadonlyMap<string, string>;
    };

export interface SigningKeys {
  readonly default: string | undefined;
  readonly keys: readonly SigningKey[];
}

export interface NotationSettings {
  readonly insecureRegistries: readonly string[];
  readonly signatureFormat: EnvelopeFormat | undefined;
}

const limits = { bytes: 1024 * 1024, depth: 16 };
const mostKeys = 10_000;

/** Reads signingkeys.json. Two keys of one name, and a default that is no key, are refused. */
export function parseSigningKeys(bytes: Uint8Array): Parsed<SigningKeys> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'signing keys'));
    const keys = root.members('keys', mostKeys).map(readKey);
    const names = keys.map(({ name }) => name);
    const again = names.find((name, index) => names.indexOf(name) !== index);
    if (again !== undefined) malformed(`two keys are called "${again}"`);
    const chosen = root.optionalText('default') ?? '';
    if (chosen !== '' && !names.includes(chosen)) malformed(`the default "${chosen}" is no key`);
    return { default: chosen === '' ? undefined : chosen, keys };
  });
}

function readKey(source: MemberReader): SigningKey {
  const name = source.text('name') || source.fail('name', 'a name is required');
  if (!source.has('pluginName')) {
    const [keyPath, certificatePath] = [source.text('keyPath'), source.text('certPath')];
    if (keyPath === '' || certificatePath === '') malformed(`the key "${name}" has no files`);
    return { kind: 'files', name, keyPath, certificatePath };
  }
  const settings = new Map<string, string>();
  for (const [key, value] of entriesOf(source.optionalMember('pluginConfig')?.object ?? {}))
    settings.set(key, typeof value === 'string' ? value : source.fail('pluginConfig', 'texts are required'));
  const [id, plugin] = [source.text('id'), source.text('pluginName')];
  if (id === '' || plugin === '') malformed(`the key "${name}" names no plugin or no key of it`);
  return { kind: 'plugin', name, id, plugin, settings };
}

/** The text of signingkeys.json. */
export function formatSigningKeys({ default: chosen, keys }: SigningKeys): string {
  const plain = keys.map((key) =>
    key.kind === 'files'
      ? { name: key.name, keyPath: key.keyPath, certPath: key.certificatePath }
      : { name: key.name, id: key.id, pluginName: key.plugin, pluginConfig: Object.fromEntries(key.settings) },
  );
  const value = { ...(chosen === undefined ? {} : { default: chosen }), keys: plain };
  return `${JSON.stringify(value, undefined, 4)}\n`;
}

/** Reads config.json. */
export function parseNotationSettings(bytes: Uint8Array): Parsed<NotationSettings> {
  return parsing(() => {
    const root = new MemberReader(required(parseStrictJson(bytes, limits), 'settings'));
    const registries = root.list('insecureRegistries', 1_000);
    const format = root.optionalText('signatureFormat') ?? '';
    if (format !== '' && format !== 'jws' && format !== 'cose') root.fail('signatureFormat', 'jws or cose is required');
    return {
      insecureRegistries: asStrings(registries),
      signatureFormat: format === 'jws' || format === 'cose' ? format : undefined,
    };
  });
}
