// SPDX-License-Identifier: Apache-2.0
// The pack `rpmdb`: whole rpm databases -> packages, read by the cataloger as a scan would. Every field that an entry of the expected
// list states is compared; null and an empty text are one.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CatalogRun } from '../../src/evidence/packages/catalog.ts';
import { rpmDatabase } from '../../src/evidence/packages/rpm-database.ts';
import { asArray, asObject, asString } from '../../src/formats/document.ts';
import type { Package } from '../../src/model/package.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectSameSet, failed } from './pack.ts';

export const rpmdbPack: ConformancePack = { name: 'rpmdb', cases };

function cases(root: string): ConformanceCase[] {
  const file = join(root, 'cases.json');
  if (!existsSync(file)) return [];
  return asArray(JSON.parse(readFileSync(file, 'utf8'))).map((value) => {
    const entry = asObject(value) ?? {};
    const text = (field: string): string => asString(entry[field]) ?? '';
    return { id: text('id'), run: () => runCase(join(root, text('input')), join(root, text('expected'))) };
  });
}

function runCase(input: string, expected: string): CaseResult {
  const stored = readFileSync(input);
  const bytes = input.endsWith('.gz') ? gunzipSync(stored) : stored;
  const run = new CatalogRun([rpmDatabase]);
  run.take({ path: `var/lib/rpm/${basename(input).replace(/\.gz$/, '')}`, bytes });
  const { lists, problems } = run.finish();
  if (problems.length > 0) return failed('no problem', problems);
  const wanted = asArray(JSON.parse(readFileSync(expected, 'utf8'))).map((value) => asObject(value) ?? {});
  const fields = [...new Set(wanted.flatMap((item) => Object.keys(item)))];
  const unknown = fields.filter((field) => !(field in readers));
  if (unknown.length > 0) return failed(`fields that are compared: ${Object.keys(readers).join(', ')}`, unknown);
  const ours = lists.flatMap((list) => list.packages);
  return expectSameSet(
    wanted.map((item) => fields.map((field) => item[field] ?? '')),
    ours.map((item) => fields.map((field) => readers[field]?.(item) ?? '')),
  );
}

/** What rpm calls a field, from our package. */
const readers: Readonly<Record<string, (item: Package) => unknown>> = {
  Name: (item) => item.name,
  Epoch: (item) => statedEpoch(item),
  Version: (item) => evrOf(item).version,
  Release: (item) => evrOf(item).release,
  Arch: (item) => item.facts?.architecture,
  SourceRpm: (item) => item.facts?.other?.['sourceRpm'],
  Size: (item) => Number(item.facts?.other?.['installedSize']),
  License: (item) => item.licenses.join(' '),
  Vendor: (item) => item.facts?.vendor,
  Modularitylabel: (item) => item.facts?.modularity,
  Summary: (item) => item.facts?.description,
  SigMD5: (item) => item.digests.find((digest) => digest.startsWith('md5:'))?.slice(4),
  InstallTime: (item) => Date.parse(item.facts?.other?.['installedAt'] ?? '') / 1000,
};

/** An epoch that is stated is part of the package URL; our facts call a missing one 0. */
function statedEpoch(item: Package): number | undefined {
  const epoch = /[?&]epoch=(\d+)/.exec(item.purl ?? '')?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

function evrOf(item: Package): { readonly version: string; readonly release: string } {
  const plain = item.version.replace(/^\d+:/, '');
  const dash = plain.lastIndexOf('-');
  return { version: plain.slice(0, dash), release: plain.slice(dash + 1) };
}
