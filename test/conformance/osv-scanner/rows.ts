// SPDX-License-Identifier: Apache-2.0
// Reads the rows of the pack: one JSON list per upstream extractor, one object per row of an upstream Go test table.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';

export interface Row {
  /** `extractors:language/rust/cargolock#TestExtractor_Extract/one package`. */
  readonly id: string;
  /** Folder of the upstream test below `extractor/filesystem`: `language/rust/cargolock`; the key of mapping.ts. */
  readonly extractor: string;
  readonly fields: JsonObject;
}

const upstreamPrefix = 'extractor/filesystem/';

/** All rows of `<root>/<part>/*.json`. A row seen twice under one id gets a number, so that ids stay unique. */
export function rowsOf(root: string, part: string): readonly Row[] {
  const folder = join(root, part);
  if (!existsSync(folder)) return [];
  const rows: Row[] = [];
  const seen = new Map<string, number>();
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()) {
    for (const item of asArray(JSON.parse(readFileSync(join(folder, name), 'utf8')))) {
      const fields = asObject(item);
      const upstream = asString(fields?.['id']) ?? '';
      if (fields === undefined || upstream === '') continue;
      const [file = '', test = ''] = splitOnce(upstream, '#');
      const extractor = file.slice(0, file.lastIndexOf('/')).replace(upstreamPrefix, '');
      const id = `${part}:${extractor}#${test}`;
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      rows.push({ id: count === 1 ? id : `${id} (${count})`, extractor, fields });
    }
  }
  return rows;
}

/** A path of a row as a source hands it out: forward slashes, below the root, no drive. */
export function treePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:/, '')
    .replace(/^(?:\.{0,2}\/)+/, '');
}

/** A size as the pack writes it: a number, or `{op: '*', l: 10, r: 'units.MiB'}`. */
export function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return units[value.replace('units.', '')];
  const product = asObject(value);
  if (product?.['op'] !== '*') return undefined;
  const left = sizeOf(product['l']);
  const right = sizeOf(product['r']);
  return left === undefined || right === undefined ? undefined : left * right;
}

const units: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, KB: 1e3, MB: 1e6, GB: 1e9 };

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
