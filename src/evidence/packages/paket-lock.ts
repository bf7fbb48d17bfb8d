// SPDX-License-Identifier: Apache-2.0
// paket.lock: https://fsprojects.github.io/Paket/lock-file.html
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { nugetPackage } from '../package-facts/nuget.ts';
import { githubPackage, scopeOfPaketGroup } from '../package-facts/paket.ts';
import { withReach } from '../package-facts/reach.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const paketLock = defineCataloger({
  id: 'paket-lock',
  title: 'paket.lock',
  ecosystems: ['nuget', 'github'],
  kind: 'declared',
  files: ['**/paket.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'files fetched from plain HTTP addresses and git sources other than GitHub',
      'which packages are direct: they stand in paket.dependencies',
    ],
  },
  parse: parsePaketLock,
});

interface LockedPackage {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly needs: string[];
  readonly location: Location;
}

function parsePaketLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const nuget: LockedPackage[] = [];
  const github: Package[] = [];
  let group = 'Main';
  let section = '';
  let remote = '';
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const location = { path: file.path, line: index + 1 };
    const indent = line.length - line.trimStart().length;
    const content = line.trim();
    if (indent === 0 && content !== '') {
      section = content;
      if (content.startsWith('GROUP ')) group = content.slice('GROUP '.length).trim();
      continue;
    }
    if (content.startsWith('remote:')) remote = content.slice('remote:'.length).trim();
    const match = /^(\S{1,300}) \(([^()]{0,300})\)/.exec(content);
    const [, name = '', detail = ''] = match ?? [];
    if (match === null) {
      // What a package needs may stand without a version; a package cannot.
      if (indent === 4 && (section === 'NUGET' || section === 'GITHUB'))
        problems.push({ kind: 'syntax', message: 'not a "name (version)" line', location, hidesFindings: true });
      continue;
    }
    if (section === 'NUGET' && indent > 4) nuget.at(-1)?.needs.push(name);
    else if (section === 'NUGET') nuget.push({ group, name, version: detail, needs: [], location });
    else if (section === 'GITHUB' && indent <= 4) {
      github.push(
        githubPackage(remote, detail, {
          scope: scopeOfPaketGroup(group),
          locations: [location],
          facts: { groups: [group] },
        }),
      );
    }
  }
  return { packages: mergePackages([...nugetPackages(nuget), ...github]), problems };
}

/** A group is resolved for itself: the same package may have another version in another group. */
function nugetPackages(locked: readonly LockedPackage[]): Package[] {
  return [...Map.groupBy(locked, (item) => item.group)].flatMap(([group, items]) => {
    const ids = new Map(items.map((item) => [item.name.toLowerCase(), `${item.name}@${item.version}`]));
    const needed = new Set(items.flatMap((item) => item.needs.map((name) => name.toLowerCase())));
    const scope = scopeOfPaketGroup(group);
    const packages = items.map((item) =>
      nugetPackage(item.name, item.version, {
        scope,
        locations: [item.location],
        dependsOn: item.needs.map((name) => ids.get(name.toLowerCase())).filter((id) => id !== undefined),
        facts: { groups: [group] },
      }),
    );
    // What nobody needs must have been asked for.
    const direct = items.filter((item) => !needed.has(item.name.toLowerCase()));
    return withReach(packages, new Map(direct.map((item) => [`${item.name}@${item.version}`, scope])));
  });
}
