// SPDX-License-Identifier: Apache-2.0
// package.json of a project. Where a lock file serves the project, that tells everything and this file yields nothing; else the project
// itself and its requirements are listed, with the constraint in place of a version that nobody has chosen yet.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { condenseForNode, folderOf, nodeCompanions, servingLockFile } from '../package-facts/node-companions.ts';
import { isForeignManifest, manifestFacts } from '../package-facts/node-manifest.ts';
import type { NodeNeed } from '../package-facts/node-projects.ts';
import { needsOf } from '../package-facts/node-projects.ts';
import { fetchFacts, isLocalFolder, npmLicenses, npmPurl } from '../package-facts/npm.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const packageJson = defineCataloger({
  id: 'package-json',
  title: 'package.json without a lock file',
  ecosystems: ['npm'],
  kind: 'declared',
  files: ['**/package.json'],
  except: ['**/node_modules/**'],
  companions: nodeCompanions,
  condense: condenseForNode,
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['versions of requirements that are ranges', 'transitive dependencies'],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems = [...encoding, ...document.problems];
  const manifest = asObject(document.value);
  if (manifest === undefined || isForeignManifest(manifest)) return { packages: [], problems };
  if (servingLockFile(folderOf(file.path), tree) !== undefined) return { packages: [], problems };
  const needs = needsOf(manifest).map((need) => requirement(need, document));
  const needed = needs.filter((item) => item !== undefined);
  const project = projectPackage(manifest, document, needed);
  return { packages: project === undefined ? needed : [project, ...needed], problems };
}

/** Undefined for a file without a name: it is not a package, only a list of tools. */
function projectPackage(manifest: JsonObject, document: Document, needed: readonly Package[]): Package | undefined {
  const name = asString(manifest['name']) ?? '';
  const version = asString(manifest['version']) ?? '';
  if (name === '') return undefined;
  const facts = manifestFacts(manifest);
  const dependsOn = [...new Set(needed.map((item) => item.id))];
  return packageOf({
    id: `${version === '' ? name : `${name}@${version}`} (root)`,
    name,
    version,
    type: 'npm',
    relationship: 'root',
    locations: [document.locate(['name'])],
    licenses: npmLicenses(manifest),
    dependsOn,
    ...(facts === undefined ? {} : { facts }),
  });
}

const exactVersion = /^[=v]{0,2}([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;

function requirement(need: NodeNeed, document: Document): Package | undefined {
  if (isLocalFolder(need.range)) return undefined;
  const alias = /^npm:((?:@[^@/]+\/)?[^@/]+)@?(.*)$/.exec(need.range);
  const name = alias?.[1] ?? need.name;
  const constraint = alias?.[2] ?? need.range;
  const version = exactVersion.exec(constraint.trim())?.[1] ?? '';
  const isPlace = constraint.includes(':') || constraint.includes('/');
  const facts = isPlace ? fetchFacts(constraint) : undefined;
  const purl = npmPurl(name, version);
  return packageOf({
    id: version === '' ? `${need.name} (${constraint})` : `${name}@${version}`,
    name,
    version,
    type: 'npm',
    ...(purl === undefined ? {} : { purl }),
    scope: need.scope,
    relationship: 'direct',
    locations: [document.locate([need.field, need.name])],
    constraint,
    ...(facts === undefined ? {} : { facts }),
  });
}
