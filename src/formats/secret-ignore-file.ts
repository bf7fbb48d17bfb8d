// SPDX-License-Identifier: Apache-2.0
// .landwaiter-secrets.yaml: secrets that are known and accepted, by the keyed hash of rule and secret. A line that moves keeps its entry, a
// new secret on the same line does not. It also holds the key of the hashes, so that everybody computes the same.
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { asArray, asObject, asString } from './document.ts';
import { parseYamlDocument } from './yaml.ts';

export interface SecretIgnoreEntry {
  readonly fingerprint: string;
  readonly reason: string;
  /** `2027-01-31`: the entry counts up to and including that day. */
  readonly expires?: string;
  readonly location: Location;
}

export interface SecretIgnoreFile {
  readonly key: string | undefined;
  readonly entries: readonly SecretIgnoreEntry[];
  readonly problems: readonly Problem[];
}

/** Never throws. An entry without a reason or with a wrong fingerprint does not count and is told. */
export function readSecretIgnores(text: string, path: string): SecretIgnoreFile {
  const document = parseYamlDocument(text, path, { resolver: 'strings' });
  const problems = [...document.problems];
  const root = asObject(document.value) ?? {};
  const entries: SecretIgnoreEntry[] = [];
  for (const [index, item] of asArray(root['ignore']).entries()) {
    const location = document.locate(['ignore', index]);
    const entry = asObject(item) ?? {};
    const fingerprint = asString(entry['fingerprint']) ?? '';
    const reason = asString(entry['reason'])?.trim() ?? '';
    const expires = asString(entry['expires']);
    const fault = !/^[0-9a-f]{32}$/.test(fingerprint)
      ? 'has no fingerprint of 32 hexadecimal digits'
      : reason === ''
        ? 'has no reason'
        : expires !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(expires)
          ? 'has an expires that is no date (2027-01-31)'
          : // A misspelt `expires` would let it count for ever.
            unknownMember(Object.keys(entry));
    if (fault === undefined)
      entries.push({ fingerprint, reason, location, ...(expires === undefined ? {} : { expires }) });
    else
      problems.push({
        kind: 'schema',
        message: `the entry ${fault}; it does not count`,
        location,
        hidesFindings: false,
      });
  }
  return { key: asString(root['key']), entries, problems };
}

const members: readonly string[] = ['fingerprint', 'rule', 'path', 'reason', 'expires'];

function unknownMember(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !members.includes(name));
  return unknown === undefined ? undefined : `has an unknown member ${JSON.stringify(unknown.slice(0, 60))}`;
}

export interface PrintedIgnore {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

/** A file of entries. Rule and path are for people; only the fingerprint counts. */
export function printSecretIgnores(key: string | undefined, ignores: readonly PrintedIgnore[]): string {
  const head = key === undefined ? '' : `key: ${JSON.stringify(key)}\n`;
  const items = ignores.map(
    ({ fingerprint, rule, path, reason }) =>
      `  - fingerprint: ${fingerprint}\n    rule: ${JSON.stringify(rule)}\n    path: ${JSON.stringify(path)}\n    reason: ${JSON.stringify(reason)}\n`,
  );
  return `# Secrets that are known and accepted: docs/secrets.md\n${head}ignore:${items.length === 0 ? ' []\n' : `\n${items.join('')}`}`;
}
