// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's Python functions, and checks of rows that state Syft's own metadata. What an inner function gives is read off what
// our catalogers find in a file made for the row.

import { normalizePythonName } from '../../../src/evidence/package-facts/python.ts';
import { guessPythonVersion } from '../../../src/evidence/package-facts/python-guess.ts';
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import { catalogers } from '../../../src/evidence/packages/index.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { parseHeaderFields } from '../../../src/formats/header-fields.ts';
import { parseRequirementsFile } from '../../../src/formats/pip-requirements.ts';
import { registryPath } from '../../../src/formats/registry-license.ts';
import type { Package } from '../../../src/model/package.ts';
import { parsePurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import type { CheckContext } from './cataloger-mapping.ts';
import type { Row, TableChecks } from './fixture.ts';
import { runCatalogers } from './fixture.ts';

/** Catalogs files that are made for a row. */
export function catalogTexts(ids: readonly string[], files: Readonly<Record<string, string>>): CatalogOutput {
  const selected = catalogers.filter((cataloger) => ids.includes(cataloger.id));
  const encoder = new TextEncoder();
  return runCatalogers(
    selected,
    Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
  );
}

export function packagesIn(output: CatalogOutput): readonly Package[] {
  return output.lists.flatMap((list) => list.packages);
}

/** Rows that state an entry of pdm.lock in Syft's shape: the package with the same summary is compared by what our model holds of it. */
export function checkPdmEntry(row: Row, context: CheckContext): CaseResult | undefined {
  const want = asObject(row['expectedMeta']);
  if (want === undefined) return undefined;
  const item = context.packages.find((found) => found.facts?.description === want['Summary']);
  if (item === undefined) return failed(want, 'no package with that summary');
  const hashes = asArray(want['Files']).map((file) => {
    const digest = asObject(asObject(file)?.['Digest']);
    return `${asString(digest?.['Algorithm'])}:${asString(digest?.['Value'])}`;
  });
  const byId = new Map(context.packages.map((found) => [found.id, found]));
  const edges = item.dependsOn.map((id) => normalizePythonName(byId.get(id)?.name ?? id));
  const needed = [want, ...asArray(want['Extras']).map(asObject)].flatMap((entry) =>
    namesOf(asStrings(entry?.['Dependencies'])),
  );
  const locked = new Set(context.packages.map((found) => normalizePythonName(found.name)));
  const own = normalizePythonName(item.name);
  return expectEqual(
    {
      hashes: [...new Set(hashes)].sort(),
      python: want['RequiresPython'] ?? '',
      edges: [...new Set(needed)].filter((name) => name !== own && locked.has(name)).sort(),
    },
    {
      // A lock file that keeps hashes in its metadata has them for our package, where Syft's entry is empty.
      hashes: hashes.length === 0 ? [] : item.digests.toSorted(),
      python: item.facts?.other?.['requiresPython'] ?? '',
      edges: edges.toSorted(),
    },
  );
}

function namesOf(requirements: readonly string[]): string[] {
  return requirements.map((text) => normalizePythonName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? text));
}

/** `ExpectedMetadata` of a PKG-INFO file, in the fields that our model has. */
export function checkPythonMetadata(row: Row, context: CheckContext): CaseResult {
  const stated = asObject(row['ExpectedMetadata']);
  const want = asObject(stated?.['PythonPackage']);
  const item = context.packages[0];
  const author = [asString(want?.['Author']), asString(want?.['AuthorEmail'])].filter((part) => part !== undefined);
  return expectEqual(
    {
      name: want?.['Name'],
      version: want?.['Version'],
      author: author.length === 2 ? `${author[0]} <${author[1]}>` : author[0],
      python: want?.['RequiresPython'],
      license: asString(stated?.['Licenses']) || undefined,
    },
    {
      name: item?.name,
      version: item?.version,
      author: item?.facts?.author,
      python: item?.facts?.other?.['requiresPython'],
      license: item?.facts?.other?.['license'],
    },
  );
}

/**
 * `Provides` and `Requires` of every entry of a lock file: our edges must be the required packages that are locked. What only an
 * extra requires (`Variants`) may be an edge, when the lock file asks for the extra.
 */
export function checkSpecifications(row: Row, context: CheckContext): CaseResult {
  const locked = new Set(context.packages.map((item) => normalizePythonName(item.name)));
  const byId = new Map(context.packages.map((item) => [item.id, item]));
  const expected: unknown[] = [];
  const actual: unknown[] = [];
  for (const value of asArray(row['want'])) {
    const specification = asObject(value);
    const { name, requires } = specificationOf(specification);
    const optional = asArray(specification?.['Variants']).flatMap((variant) =>
      asStrings(asObject(variant)?.['Requires']),
    );
    const item = context.packages.find((found) => normalizePythonName(found.name) === name);
    const edges = (item?.dependsOn ?? []).map((id) => normalizePythonName(byId.get(id)?.name ?? id));
    expected.push([name, requires.filter((other) => locked.has(other)).toSorted()]);
    actual.push([name, edges.filter((other) => requires.includes(other) || !optional.includes(other)).toSorted()]);
  }
  return expectSameSet(expected, actual);
}

function specificationOf(value: JsonObject | undefined): { name: string; requires: readonly string[] } {
  const own = asObject(value?.['ProvidesRequires']);
  return { name: asStrings(own?.['Provides'])[0] ?? '', requires: asStrings(own?.['Requires']) };
}

/** A lock file with the row's package and everything it names; the edges of the package are compared with `Requires`. */
function checkLocked(
  cataloger: string,
  path: string,
  write: (entry: JsonObject, name: string) => string,
): TableChecks[string] {
  return (row) => {
    const metadata = asObject(asObject(row['p'])?.['Metadata']) ?? {};
    const name = asString(asObject(row['p'])?.['Name']) ?? '';
    const want = asObject(row['want']);
    const variants = asArray(want?.['Variants']).flatMap((variant) => asStrings(asObject(variant)?.['Requires']));
    // An entry for an extra stands in the file only when the extra is asked for.
    const required = [...new Set([...specificationOf(want).requires, ...variants])];
    const output = catalogTexts([cataloger], { [path]: write(metadata, name) });
    const packages = packagesIn(output);
    const byId = new Map(packages.map((item) => [item.id, item]));
    const edges = (packages[0]?.dependsOn ?? []).map((id) => normalizePythonName(byId.get(id)?.name ?? id));
    return expectSameSet(required, edges);
  };
}

function lockedEntry(name: string, body = ''): string {
  return `[[package]]\nname = ${JSON.stringify(name)}\nversion = "1"\n${body}\n`;
}

function poetryText(metadata: JsonObject, name: string): string {
  const rows = asArray(metadata['Dependencies']).map((value) => asObject(value) ?? {});
  const lines = rows.map((row) => {
    const fields = [
      `version = ${JSON.stringify(row['Version'] ?? '*')}`,
      ...(row['Optional'] === true ? ['optional = true'] : []),
      ...(row['Markers'] === undefined ? [] : [`markers = ${JSON.stringify(row['Markers'])}`]),
      ...(row['Extras'] === undefined ? [] : [`extras = ${JSON.stringify(row['Extras'])}`]),
    ];
    return `${JSON.stringify(row['Name'])} = {${fields.join(', ')}}`;
  });
  const names = new Set(rows.map((row) => normalizePythonName(asString(row['Name']) ?? '')));
  const others = [...names].filter((other) => other !== normalizePythonName(name)).map((other) => lockedEntry(other));
  return [lockedEntry(name, `\n[package.dependencies]\n${[...new Set(lines)].join('\n')}`), ...others].join('\n');
}

function pdmText(metadata: JsonObject, name: string): string {
  const entries = [
    { extras: [] as readonly string[], dependencies: asStrings(metadata['Dependencies']) },
    ...asArray(metadata['Extras']).map((value) => ({
      extras: asStrings(asObject(value)?.['Extras']),
      dependencies: asStrings(asObject(value)?.['Dependencies']),
    })),
  ];
  const own = entries.map(({ extras, dependencies }) => {
    const extra = extras.length === 0 ? '' : `extras = ${JSON.stringify(extras)}\n`;
    return lockedEntry(name, `${extra}dependencies = ${JSON.stringify(dependencies)}`);
  });
  const names = new Set(namesOf(entries.flatMap((entry) => entry.dependencies)));
  names.delete(normalizePythonName(name));
  return [...own, ...[...names].map((other) => lockedEntry(other))].join('\n');
}

/** The row's package and all it names, installed side by side. */
function checkInstalled(row: Row): CaseResult {
  const item = asObject(row['p']);
  const name = asString(item?.['Name']) ?? '';
  const requires = asStrings(asObject(item?.['Metadata'])?.['RequiresDist']);
  const metadata = (of: string, lines: readonly string[] = []): string =>
    [`Metadata-Version: 2.1`, `Name: ${of}`, 'Version: 1', ...lines, ''].join('\n');
  const files: Record<string, string> = {
    'site-packages/first.dist-info/METADATA': metadata(
      name,
      requires.map((text) => `Requires-Dist: ${text}`),
    ),
  };
  for (const other of namesOf(requires)) files[`site-packages/x-${other}.dist-info/METADATA`] = metadata(other);
  const packages = packagesIn(catalogTexts(['python-installed'], files));
  const byId = new Map(packages.map((found) => [found.id, found]));
  const own = packages.find((found) => normalizePythonName(found.name) === normalizePythonName(name));
  const edges = (own?.dependsOn ?? []).map((id) => normalizePythonName(byId.get(id)?.name ?? id));
  return expectSameSet(specificationOf(asObject(row['want'])).requires, edges);
}

function requirementIn(text: string): Package | undefined {
  return packagesIn(catalogTexts(['python-requirements'], { 'requirements.txt': `${text}\n` }))[0];
}

function checkExtractedName(row: Row): CaseResult {
  return expectEqual(row['want'], parsePurl(requirementIn(asString(row['input']) ?? '')?.purl ?? '')?.name);
}

function checkReference(row: Row): CaseResult {
  const item = requirementIn(`${asString(row['pkg']) ?? ''}[${asString(row['extra']) ?? ''}]`);
  const extra = normalizePythonName(asString(row['extra']) ?? '');
  const name = parsePurl(item?.purl ?? '')?.name ?? '';
  return expectEqual(row['want'], extra === '' ? name : `${name}[${extra}]`);
}

/** `name` of the table is the package's name; what was installed from version control has its address in the purl. */
function checkPurl(row: Row): CaseResult {
  const stated = parsePurl(asString(row['want']) ?? asString(row['expected']) ?? '');
  const name = asString(row['name']) ?? asString(row['pkgName']) ?? stated?.name ?? '';
  const origin = asObject(asObject(row['metadata'])?.['DirectURLOrigin']);
  const vcs = { vcs: origin?.['VCS'], commit_id: origin?.['CommitID'] };
  const packages = packagesIn(
    catalogTexts(['python-installed'], {
      'x.dist-info/METADATA': `Name: ${name}\nVersion: ${asString(row['version']) ?? ''}\n`,
      ...(origin === undefined
        ? {}
        : {
            'x.dist-info/direct_url.json': JSON.stringify({
              url: origin['URL'],
              ...(origin['VCS'] === undefined ? {} : { vcs_info: vcs }),
            }),
          }),
    }),
  );
  return expectEqual(stated, parsePurl(packages[0]?.purl ?? ''));
}

/** The parts of one line, as our reader of requirements files gives them. */
function checkRequirement(row: Row): CaseResult {
  const line = parseRequirementsFile(asString(row['raw']) ?? '')[0];
  const want = asObject(row['want']);
  if (line?.kind !== 'requirement') return expectEqual(want ?? null, null);
  const { requirement, hashes } = line;
  const extras = requirement.extras.length === 0 ? '' : `[${requirement.extras.join(', ')}]`;
  const actual = {
    type: 'unprocessedRequirement',
    Name: `${requirement.name}${extras}`,
    ...(requirement.specifier === '' ? {} : { VersionConstraint: requirement.specifier }),
    ...(requirement.marker === undefined ? {} : { Markers: requirement.marker }),
    ...(requirement.url === undefined ? {} : { URL: requirement.url }),
    ...(hashes.length === 0 ? {} : { Hashes: hashes.map((hash) => `--hash=${hash}`).join(' ') }),
  };
  return expectEqual(want, actual);
}

/** With the option `guess` Syft takes a version from a range; the lower bound stands in our facts. */
function checkVersion(row: Row): CaseResult {
  const constraint = asString(row['version']) ?? '';
  const item = requirementIn(`x ${constraint}`);
  const bound = row['guess'] === true ? guessPythonVersion(constraint) : undefined;
  return expectEqual(row['want'], item?.version || (bound ?? ''));
}

/** A text that is a template names no package. */
function checkTemplate(row: Row): CaseResult {
  const text = `setup(install_requires=[${JSON.stringify(`${asString(row['input']) ?? ''}==1.0`)}])\n`;
  return expectEqual(row['want'], packagesIn(catalogTexts(['setup-py'], { 'setup.py': text })).length === 0);
}

function checkEggFile(row: Row): CaseResult {
  const path = (asString(row['path']) ?? '').replace(/^\/+/, '');
  const installed = catalogers.filter((cataloger) => cataloger.id === 'python-installed');
  const isTaken = new CatalogerSelector(installed).parsersOf(path).length > 0;
  return expectEqual(row['expected'] ?? false, isTaken && /\.egg-info$/i.test(path));
}

/** The place of a file is where installed packages are gathered; our paths have no leading slash. */
function checkPlace(row: Row): CaseResult {
  const path = (asString(row['inputPath']) ?? '').replace(/^\/+/, '');
  const installed = catalogers.find((cataloger) => cataloger.id === 'python-installed');
  const expected = (asString(row['expected']) ?? '').replace(/^\/+/, '');
  return expectEqual(expected, installed?.gather?.placeOf(path));
}

function checkFields(row: Row): CaseResult {
  const fields = parseHeaderFields((asString(row['input']) ?? '').trimStart());
  const want = Object.entries(asObject(row['want']) ?? {});
  const name = (key: string): string =>
    fields.first(key) === undefined ? key.replace(/([a-z])([A-Z])/g, '$1-$2') : key;
  const actual = want.map(([key, value]) => [
    key,
    Array.isArray(value) ? fields.all(name(key)) : fields.first(name(key)),
  ]);
  return expectEqual(want, actual);
}

/** Syft's base address is left out; a name or version that is empty has no address. */
function checkRegistryPath(row: Row): CaseResult {
  const path = registryPath('pypi', asString(row['name']) ?? '', asString(row['version']) ?? '');
  const wanted = asString(row['expected']) ?? '';
  if (wanted === '') return expectEqual(undefined, path);
  return path !== undefined && wanted.endsWith(`/${path}`) ? passed : failed(wanted, path);
}

function outside(reason: string): () => CaseResult {
  return () => ({ outcome: 'skipped', reason });
}

export const pythonTables: TableChecks = {
  'python/cataloger#Test_PackageCataloger_SitePackageRelationships': outside(
    'its fixture is a container image that is built',
  ),
  'python/license#TestFormatPyPiRegistryURL': checkRegistryPath,
  'conda/cataloger#TestCondaMetaPackageMetadata_FileOwner': outside('lists the files of a package'),
  'python/dependency#Test_poetryLockDependencySpecifier': checkLocked('poetry-lock', 'poetry.lock', poetryText),
  'python/dependency#Test_pdmLockDependencySpecifier': checkLocked('pdm-lock', 'pdm.lock', pdmText),
  'python/dependency#Test_wheelEggDependencySpecifier': checkInstalled,
  'python/dependency#Test_packageRef': checkReference,
  'python/dependency#Test_extractPackageName': checkExtractedName,
  'python/package#Test_packageURL': checkPurl,
  'python/parse_requirements#Test_newRequirement': checkRequirement,
  'python/parse_requirements#Test_parseVersion': checkVersion,
  'python/parse_setup#Test_hasTemplateDirective': checkTemplate,
  'python/parse_wheel_egg_metadata#TestIsRegularEggFile': checkEggFile,
  'python/parse_wheel_egg_metadata#TestDetermineSitePackagesRootPath': checkPlace,
  'python/parse_wheel_egg_metadata#Test_extractRFC5322Fields': checkFields,
};
