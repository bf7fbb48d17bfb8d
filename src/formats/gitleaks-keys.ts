// SPDX-License-Identifier: Apache-2.0
// Keys and values of gitleaks' configuration as loosely as its reader takes them: keys in any case, one value where a list is meant.
import { entriesOf } from './document.ts';

export type Keys = ReadonlyMap<string, unknown>;

/** What makes a configuration unusable; never leaves the reader. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The file, when it is an extended one. */
  readonly path: string | undefined;

  constructor(message: string, path?: string) {
    super(message);
    this.path = path;
  }
}

/** Members by key in lower case; nothing when the value is no table. */
export function keysOf(value: unknown): Keys {
  return new Map(entriesOf(value).map(([key, member]) => [key.toLowerCase(), member]));
}

export function textAt(keys: Keys, name: string): string {
  const value = keys.get(name);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : '';
}

export function numberAt(keys: Keys, name: string): number | undefined {
  const value = keys.get(name);
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined;
}

/** A single text stands for a list, split at commas. */
export function listAt(keys: Keys, name: string): readonly string[] {
  const value = keys.get(name);
  if (typeof value === 'string') return value === '' ? [] : value.split(',');
  if (!Array.isArray(value)) return [];
  return value.filter((item) => ['string', 'number', 'boolean', 'bigint'].includes(typeof item)).map(String);
}
