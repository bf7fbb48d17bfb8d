// SPDX-License-Identifier: Apache-2.0
// Packages installed in node_modules, from the package.json of each: one list per outermost node_modules folder. They come in
// thousands: positions inside the file are not kept.
import { asObject, asString } from '../../formats/document.ts';
import { decodeText, syntaxProblem } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { manifestFacts } from '../package-facts/node-manifest.ts';
import { linkNodeModules, outermostNodeModules } from '../package-facts/node-modules.ts';
import { needsOf } from '../package-facts/node-projects.ts';
import { integrityDigests, isNpmName, npmLicenses, npmPurl } from '../package-facts/npm.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nodePackage = defineCataloger({
  id: 'node-package',
  title: 'node_modules/*/package.json',
  ecosystems: ['npm'],
  kind: 'installed',
  files: ['**/node_modules/*/package.json', '**/node_modules/@*/*/package.json'],
  gather: { placeOf: outermostNodeModules, link: linkNodeModules },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['scopes: the lock file has them', 'digests, except where old npm versions wrote them into the file'],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { packages: [], problems: [...problems, syntaxProblem(file.path, 'not valid JSON')] };
  }
  const manifest = asObject(value);
  const name = (asString(manifest?.['name']) ?? '').trim();
  const version = (asString(manifest?.['version']) ?? '').trim();
  // A file without both only sets options of a folder (`{"type": "module"}`).
  if (manifest === undefined || name === '' || version === '') return { packages: [], problems };
  if (!isNpmName(name)) {
    const message = `${JSON.stringify(name.slice(0, 200))} cannot be the name of a package`;
    return {
      packages: [],
      problems: [...problems, { kind: 'schema', message, location: { path: file.path }, hidesFindings: false }],
    };
  }
  const purl = npmPurl(name, version);
  const facts = manifestFacts(manifest);
  const installed = packageOf({
    name,
    version,
    type: 'npm',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    licenses: npmLicenses(manifest),
    digests: integrityDigests(manifest['_integrity']),
    // Names, until the packages of the folder are linked.
    dependsOn: needsOf(manifest)
      .filter((need) => need.scope !== 'development')
      .map((need) => need.name),
    ...(facts === undefined ? {} : { facts }),
  });
  return { packages: [installed], problems };
}
