// SPDX-License-Identifier: Apache-2.0
// Values that several tables of core/ share: package URLs as Go structs, with constants of the package `packageurl` left as names.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { PurlParts } from '../../../src/model/purl.ts';
import { formatPurl } from '../../../src/model/purl.ts';

/** Constants whose value is not their own name in lower case. */
const constants: Readonly<Record<string, string>> = { debian: 'deb', k8s: 'k8s', mlflow: 'mlflow' };

export function purlParts(struct: JsonObject): PurlParts {
  const written = asString(struct['Type']) ?? '';
  const word = written.replace(/^packageurl\.Type/, '').toLowerCase();
  const qualifiers = asArray(struct['Qualifiers']).map((item) => asObject(item));
  return {
    type: written.startsWith('packageurl.') ? (constants[word] ?? word) : written,
    namespace: asString(struct['Namespace']),
    name: asString(struct['Name']) ?? '',
    version: asString(struct['Version']),
    qualifiers: Object.fromEntries(
      qualifiers.map((item) => [asString(item?.['Key']) ?? '', asString(item?.['Value'])]),
    ),
    subpath: asString(struct['Subpath']),
  };
}

/** Canonical text of a struct; undefined when the row has none. */
export function purlText(struct: unknown): string | undefined {
  const parts = asObject(struct);
  return parts === undefined ? undefined : formatPurl(purlParts(parts));
}

/** Version of a package of an operating system in one text: Trivy keeps epoch and release apart. */
export function wholeVersion(item: JsonObject): string {
  const epoch = typeof item['Epoch'] === 'number' && item['Epoch'] !== 0 ? `${item['Epoch']}:` : '';
  const release = asString(item['Release']) ?? '';
  return `${epoch}${asString(item['Version']) ?? ''}${release === '' ? '' : `-${release}`}`;
}
