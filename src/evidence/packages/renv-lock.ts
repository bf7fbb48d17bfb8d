// SPDX-License-Identifier: Apache-2.0
// renv.lock: the packages of an R project, from CRAN, Bioconductor or version control. https://rstudio.github.io/renv/articles/lockfile.html
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { cranPurl, namesInDcf } from '../package-facts/r.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const renvLock = defineCataloger({
  id: 'renv-lock',
  title: 'renv.lock',
  ecosystems: ['cran'],
  kind: 'declared',
  files: ['**/renv.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: [
      'which packages are asked for directly',
      'the hash of renv, which is over fields of DESCRIPTION and not over an archive',
    ],
  },
  parse: parseRenvLock,
});

function parseRenvLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const rows: { item: Package; needs: readonly string[] }[] = [];
  for (const [key, value] of entriesOf(asObject(document.value)?.['Packages'])) {
    const location = document.locate(['Packages', key]);
    const row = asObject(value);
    const name = asString(row?.['Package']) ?? key;
    const version = asString(row?.['Version']);
    if (row === undefined || version === undefined) {
      const message = `package ${JSON.stringify(key)} has no version`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
      continue;
    }
    rows.push({ item: packageOfRow({ name, version }, row, location), needs: needsOf(row) });
  }
  const ids = new Map(rows.map(({ item }) => [item.name, item.id]));
  const packages = rows.map(({ item, needs }) => {
    const dependsOn = needs.map((name) => ids.get(name)).filter((id) => id !== undefined);
    return { ...item, dependsOn: [...new Set(dependsOn)] };
  });
  return { packages, problems };
}

function packageOfRow(identity: { name: string; version: string }, row: JsonObject, location: Location): Package {
  const { name, version } = identity;
  const purl = cranPurl(name, version);
  const license = asString(row['License']);
  const facts = factsOf(row);
  return packageOf({
    name,
    version,
    type: 'cran',
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    licenses: license === undefined ? [] : [license],
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

function factsOf(row: JsonObject): PackageFacts {
  const user = asString(row['RemoteUsername']);
  const project = asString(row['RemoteRepo']);
  const host = (asString(row['RemoteHost']) ?? 'github.com').replace(/^api\./, '').replace(/\/api\/v\d+$/, '');
  const url = asString(row['RemoteUrl']);
  const repository =
    url ?? (user === undefined || project === undefined ? undefined : `https://${host}/${user}/${project}`);
  const commit = asString(row['RemoteSha']);
  const source = asString(row['Source']);
  const archive = asString(row['Repository']);
  const other = {
    ...(source === undefined ? {} : { source }),
    ...(archive === undefined ? {} : { repository: archive }),
  };
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined || !/^[0-9a-f]{40}$/.test(commit) ? {} : { commit }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}

/** renv 1 writes `Requirements`; since 1.1 the fields of DESCRIPTION stand in the lock file. */
function needsOf(row: JsonObject): readonly string[] {
  const fields = ['Imports', 'Depends', 'LinkingTo'].flatMap((field) => asStrings(row[field]));
  return [...asStrings(row['Requirements']), ...fields.flatMap(namesInDcf)];
}
