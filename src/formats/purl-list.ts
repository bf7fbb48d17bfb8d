// SPDX-License-Identifier: Apache-2.0
// Reader of plain lists of package URLs, one on a line, with `#` comments: the output of the report `purls`.
import { defaultLimits } from '../model/limits.ts';
import type { Distribution, Package } from '../model/package.ts';
import { packageOf } from '../model/package.ts';
import type { Problem } from '../model/problem.ts';
import type { SbomDocument } from '../model/sbom.ts';
import { packageOfPurl } from './purl-package.ts';

/** Reads one list. Never throws; a line that is no package URL is a problem that hides findings. */
export function readPurlList(text: string, path: string): SbomDocument {
  const problems: Problem[] = [];
  const groups = new Map<
    string,
    { readonly type: string; readonly distribution?: Distribution; readonly packages: Package[] }
  >();
  const seen = new Set<string>();
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || seen.has(line)) continue;
    const location = { path, line: index + 1 };
    const found = packageOfPurl(line);
    if (found === undefined || seen.size >= defaultLimits.packagesPerFile) {
      const isLimit = found !== undefined;
      const message = isLimit
        ? `more than ${defaultLimits.packagesPerFile} packages`
        : `not a package URL: ${line.slice(0, 80)}`;
      problems.push({ kind: isLimit ? 'limit' : 'syntax', message, location, hidesFindings: true });
      if (isLimit) break;
      continue;
    }
    seen.add(line);
    const { name, version, type, sources, cpes, facts } = found;
    const item = packageOf({
      id: line,
      name,
      version,
      type,
      purl: line,
      locations: [location],
      ...(sources === undefined ? {} : { sources }),
      ...(cpes === undefined ? {} : { cpes }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    });
    const distribution = found.distribution;
    const key = `${type} ${distribution?.id ?? ''} ${distribution?.versionId ?? ''}`;
    const group = groups.get(key) ?? { type, ...(distribution === undefined ? {} : { distribution }), packages: [] };
    group.packages.push(item);
    groups.set(key, group);
  }
  const lists = [...groups.values()].map(({ type, distribution, packages }) => ({
    cataloger: 'purls',
    path,
    ecosystem: type,
    kind: 'declared' as const,
    packages,
    ...(distribution === undefined ? {} : { distribution }),
  }));
  const first = lists.find((list) => list.distribution !== undefined)?.distribution;
  return {
    format: 'purls',
    specVersion: '',
    name: '',
    tools: [],
    lists,
    ...(first === undefined ? {} : { distribution: first }),
    problems,
  };
}
