// SPDX-License-Identifier: Apache-2.0
// nimble.lock: https://nim-lang.github.io/nimble/create-packages.html#lock-file
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { nimblePackage } from '../package-facts/nimble.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nimbleLock = defineCataloger({
  id: 'nimble-lock',
  title: 'nimble.lock',
  ecosystems: ['nim'],
  kind: 'declared',
  files: ['**/nimble.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which packages are asked for directly'],
  },
  parse: parseNimbleLock,
});

function parseNimbleLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const rows: { item: Package; needs: readonly string[] }[] = [];
  for (const [name, value] of entriesOf(asObject(document.value)?.['packages'])) {
    const row = asObject(value);
    const version = asString(row?.['version']);
    const location = document.locate(['packages', name]);
    if (row === undefined || version === undefined) {
      const message = `package ${JSON.stringify(name)} has no version`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
      continue;
    }
    const digest = digestOf('sha1', asString(asObject(row['checksums'])?.['sha1']) ?? '');
    const repository = asString(row['url']);
    const commit = asString(row['vcsRevision']);
    const facts = {
      ...(repository === undefined ? {} : { repository }),
      ...(commit === undefined ? {} : { commit }),
    };
    const item = nimblePackage({
      name,
      version,
      locations: [location],
      digests: digest === undefined ? [] : [digest],
      facts,
    });
    rows.push({ item, needs: asStrings(row['dependencies']) });
  }
  const ids = new Map(rows.map(({ item }) => [item.name, item.id]));
  const packages = rows.map(({ item, needs }) => {
    const dependsOn = needs.map((name) => ids.get(name)).filter((id) => id !== undefined);
    return { ...item, dependsOn: [...new Set(dependsOn)] };
  });
  return { packages, problems };
}
