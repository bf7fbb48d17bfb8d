// SPDX-License-Identifier: Apache-2.0
// var/lib/chisel/manifest.wall: Debian packages that Chisel cut slices from, as zstd-compressed lines of JSON ("jsonwall").
import { zstdDecompressSync } from 'node:zlib';
import { asObject, asString } from '../../formats/document.ts';
import { digestOf } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Distribution, Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { distributionIn, osReleaseFiles, systemPurl } from '../package-facts/distribution.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const chiselManifest = defineCataloger({
  id: 'chisel-manifest',
  title: 'var/lib/chisel/manifest.wall',
  ecosystems: ['deb'],
  kind: 'installed',
  files: ['var/lib/chisel/manifest.wall'],
  companions: [...osReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: false,
    gaps: ['source packages', 'which slices of a package are present'],
  },
  parse: parseManifest,
});

function parseManifest(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const distribution = distributionIn(tree);
  const place = distribution === undefined ? {} : { distribution };
  const text = decompress(file.bytes);
  const header = text === undefined ? undefined : parseLine(text.slice(0, text.indexOf('\n') + 1));
  if (text === undefined || header?.['jsonwall'] === undefined) {
    const message = text === undefined ? 'not zstd-compressed, or too large' : 'no jsonwall header';
    const problem: Problem = { kind: 'syntax', message, location: { path: file.path }, hidesFindings: true };
    return { packages: [], problems: [problem], ...place };
  }
  const packages = new Map<string, Package>();
  const problems: Problem[] = [];
  for (const line of text.split('\n')) {
    // Every line is an object of its own; only those of kind `package` matter.
    if (!line.includes('"package"')) continue;
    const entry = parseLine(line);
    if (entry === undefined) {
      problems.push({
        kind: 'syntax',
        message: 'a line that is not JSON',
        location: { path: file.path },
        hidesFindings: true,
      });
    } else if (entry['kind'] === 'package') {
      const item = packageOfEntry(entry, file.path, distribution);
      if (item !== undefined) packages.set(item.id, item);
    }
  }
  return { packages: [...packages.values()], problems, ...place };
}

function decompress(bytes: Uint8Array): string | undefined {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: defaultLimits.manifestBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function packageOfEntry(
  entry: Readonly<Record<string, unknown>>,
  path: string,
  distribution: Distribution | undefined,
): Package | undefined {
  const name = asString(entry['name']);
  const version = asString(entry['version']);
  if (name === undefined || version === undefined) return undefined;
  const architecture = asString(entry['arch']);
  const purl = systemPurl({ type: 'deb', name, version, architecture, distribution });
  const digest = digestOf('sha256', asString(entry['sha256']) ?? '');
  return packageOf({
    name,
    version,
    type: 'deb',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path }],
    digests: digest === undefined ? [] : [digest],
    ...(architecture === undefined ? {} : { facts: { architecture } }),
  });
}
