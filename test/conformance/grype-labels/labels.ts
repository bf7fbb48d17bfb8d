// SPDX-License-Identifier: Apache-2.0
// The labels of the pack, grouped by image.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asObject, asString } from '../../../src/formats/document.ts';

export interface Label {
  readonly image: string;
  /** `TP`: a scanner must report it; `FP`: it must not. */
  readonly label: 'TP' | 'FP';
  readonly name: string;
  readonly version: string;
  /** The id of the line, and the CVE that it states beside it. */
  readonly ids: readonly string[];
}

/** Lines with a verdict and a package, by image. */
export function labelsByImage(root: string): ReadonlyMap<string, readonly Label[]> {
  const file = join(root, 'labels.jsonl.gz');
  if (!existsSync(file)) return new Map();
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  const labels = lines.filter((line) => line !== '').map((line) => labelOf(JSON.parse(line)));
  return Map.groupBy(
    labels.filter((label) => label !== undefined),
    (label) => label.image,
  );
}

function labelOf(value: unknown): Label | undefined {
  const line = asObject(value);
  const item = asObject(line?.['package']);
  const name = asString(item?.['name']);
  const version = asString(item?.['version']);
  const label = line?.['label'];
  if (name === undefined || version === undefined || (label !== 'TP' && label !== 'FP')) return undefined;
  const ids = [line?.['vulnerability'], line?.['cve']].filter((id) => typeof id === 'string');
  return { image: asString(line?.['image']) ?? '', label, name, version, ids };
}
