// SPDX-License-Identifier: Apache-2.0
// The body of GitHub's dependency submission API: one manifest for each file, packages by package URL. Commit and branch are known only to the
// caller in CI; they are left empty for the step that submits the snapshot. Packages without a package URL have no place in the format.
import type { Package, PackageList } from '../model/package.ts';
import { packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

interface ResolvedPackage {
  readonly package_url: string;
  readonly relationship: 'direct' | 'indirect';
  readonly scope: 'runtime' | 'development';
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly file: { readonly source_location: string };
  readonly metadata: Readonly<Record<string, string>>;
  readonly resolved: Readonly<Record<string, ResolvedPackage>>;
}

export const github = defineReport({
  id: 'github',
  aliases: ['github-json'],
  title: 'GitHub dependency snapshot',
  extension: 'json',
  commands: ['sbom'],
  write: ({ target, tool, createdAt, graph }) => {
    const snapshot = {
      version: 0,
      job: { id: '', correlator: target.name === '' ? target.kind : target.name },
      sha: '',
      ref: '',
      detector: { name: tool.name, version: tool.version, url: 'https://landwaiter.dev' },
      scanned: createdAt,
      manifests: manifestsOf(packageListsOf(graph)),
    };
    return `${JSON.stringify(snapshot, null, 2)}\n`;
  },
});

/** By path; two readers of one file give one manifest. */
function manifestsOf(lists: readonly PackageList[]): Readonly<Record<string, Manifest>> {
  const byPath = new Map<string, PackageList[]>();
  for (const list of lists) {
    const known = byPath.get(list.path);
    if (known === undefined) byPath.set(list.path, [list]);
    else known.push(list);
  }
  const manifests = [...byPath].map(([path, members]) => [path, manifestOf(path, members)] as const);
  return Object.fromEntries(manifests.filter(([, manifest]) => Object.keys(manifest.resolved).length > 0));
}

function manifestOf(path: string, lists: readonly PackageList[]): Manifest {
  const resolved: Record<string, ResolvedPackage> = {};
  for (const list of lists) {
    const purls = new Map(list.packages.map((item) => [item.id, item.purl]));
    for (const item of list.packages) {
      if (item.purl === undefined || item.relationship === 'root' || item.relationship === 'workspace') continue;
      const before = Object.hasOwn(resolved, item.purl) ? resolved[item.purl] : undefined;
      const dependencies = item.dependsOn.map((id) => purls.get(id)).filter((purl) => purl !== undefined);
      resolved[item.purl] = mergeResolved(before, resolvedOf(item, item.purl, dependencies));
    }
  }
  return { name: path, file: { source_location: path }, metadata: {}, resolved };
}

/** The format knows two relationships: what is not known to be indirect counts as direct, as Syft and Trivy have it. */
function resolvedOf(item: Package, purl: string, dependencies: readonly string[]): ResolvedPackage {
  const isDevelopment = item.scope === 'development' || item.scope === 'test';
  return {
    package_url: purl,
    relationship: item.relationship === 'indirect' ? 'indirect' : 'direct',
    scope: isDevelopment ? 'development' : 'runtime',
    dependencies,
  };
}

function mergeResolved(before: ResolvedPackage | undefined, next: ResolvedPackage): ResolvedPackage {
  if (before === undefined) return next;
  return {
    package_url: next.package_url,
    relationship: before.relationship === 'direct' ? 'direct' : next.relationship,
    scope: before.scope === 'runtime' ? 'runtime' : next.scope,
    dependencies: [...new Set([...before.dependencies, ...next.dependencies])],
  };
}
