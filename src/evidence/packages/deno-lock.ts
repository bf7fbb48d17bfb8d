// SPDX-License-Identifier: Apache-2.0
// deno.lock: npm packages, JSR packages (purl type jsr) and versioned modules imported by address (purl type generic).
import type { DenoEntry, DenoLockFile } from '../../formats/deno-lock.ts';
import { parseDenoLock, splitDenoKey } from '../../formats/deno-lock.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { integrityDigests, jsrPurl, npmPurl } from '../package-facts/npm.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const denoLock = defineCataloger({
  id: 'deno-lock',
  title: 'deno.lock',
  ecosystems: ['npm', 'jsr', 'generic'],
  kind: 'declared',
  files: ['**/deno.lock'],
  except: ['**/node_modules/**'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['modules imported by an address without a version', 'licences'],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const lock = parseDenoLock(file.bytes, file.path);
  const index = new Map<string, string>();
  for (const entry of lock.entries) {
    index.set(`${entry.kind}:${entry.key}`, idOf(entry));
    index.set(`${entry.kind}:${entry.name}@${entry.version}`, idOf(entry));
    // A reference without a version stands where only one version is locked.
    index.set(`${entry.kind}:${entry.name}`, idOf(entry));
  }
  const resolve = (reference: string, kind: DenoEntry['kind']): string | undefined =>
    resolveReference(reference, kind, lock, index);
  const packages = mergePackages(lock.entries.map((entry) => packageOfEntry(entry, resolve)));
  const direct = new Map<string, Scope>();
  for (const specifier of lock.direct) {
    const id = resolve(specifier, 'npm');
    if (id !== undefined) direct.set(id, 'runtime');
  }
  return { packages: direct.size === 0 ? packages : withReach(packages, direct), problems: lock.problems };
}

type Resolve = (reference: string, kind: DenoEntry['kind']) => string | undefined;

function resolveReference(
  reference: string,
  kind: DenoEntry['kind'],
  lock: DenoLockFile,
  index: ReadonlyMap<string, string>,
): string | undefined {
  const prefix = /^(npm|jsr):/.exec(reference)?.[1];
  const inKind = prefix ?? kind;
  const plain = prefix === undefined ? reference.replace(/^[^@]{1,200}@npm:/, '') : reference.slice(prefix.length + 1);
  const target = lock.specifiers.get(`${inKind}:${plain}`) ?? plain;
  return (
    index.get(`${inKind}:${target}`) ??
    index.get(`${inKind}:${joined(target)}`) ??
    index.get(`${inKind}:${splitDenoKey(plain).name}`)
  );
}

function joined(key: string): string {
  const { name, version } = splitDenoKey(key);
  return `${name}@${version}`;
}

function idOf(entry: DenoEntry): string {
  const plain = `${entry.name}@${entry.version}`;
  return entry.kind === 'npm' ? plain : `${entry.kind}:${plain}`;
}

function packageOfEntry(entry: DenoEntry, resolve: Resolve): Package {
  const { kind, name, version, location, integrity } = entry;
  const type = kind === 'remote' ? 'generic' : kind;
  const purl =
    kind === 'npm'
      ? npmPurl(name, version)
      : kind === 'jsr'
        ? jsrPurl(name, version)
        : formatPurl({ type, name, version });
  const needs = entry.needs.map((need) => resolve(need, kind)).filter((id) => id !== undefined);
  return packageOf({
    id: idOf(entry),
    name,
    version,
    type,
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    digests: digestsOf(kind, integrity),
    dependsOn: [...new Set(needs)],
    ...(kind === 'remote' ? { facts: { downloadUrl: entry.key } } : {}),
  });
}

/** Hashes of modules by address are those of single files, not of the package. */
function digestsOf(kind: DenoEntry['kind'], integrity: string | undefined): Digest[] {
  if (kind === 'npm') return integrityDigests(integrity);
  const digest = kind === 'jsr' && integrity !== undefined ? digestOf('sha256', integrity) : undefined;
  return digest === undefined ? [] : [digest];
}
