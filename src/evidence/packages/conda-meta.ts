// SPDX-License-Identifier: Apache-2.0
// conda-meta/*.json: one record per package that conda, mamba or pixi installed into an environment.
import { posix } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { Location } from '../../model/location.ts';
import type { PackageFacts, PackageFile } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { linkedByName } from '../package-facts/link.ts';
import { isFile, mergedFiles, ownedFile, ownedPath } from '../package-facts/owned-files.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const condaMeta = defineCataloger({
  id: 'conda-meta',
  title: 'conda-meta/*.json',
  ecosystems: ['conda'],
  kind: 'installed',
  files: ['**/conda-meta/*.json'],
  gather: {
    placeOf: (path) => path.slice(0, path.lastIndexOf('/')),
    link: (packages) => linkedByName(packages, (name) => name.toLowerCase()),
  },
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['which packages were asked for, and which came with them'],
  },
  parse: parseCondaMeta,
});

function parseCondaMeta(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems = [...encoding, ...document.problems];
  const row = asObject(document.value);
  const name = asString(row?.['name']) ?? '';
  const version = asString(row?.['version']) ?? '';
  if (row === undefined || name === '' || version === '') {
    if (problems.length > 0) return { packages: [], problems };
    const message = 'no name and version, so not the record of a conda package';
    return {
      packages: [],
      problems: [{ kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  const license = asString(row['license']) ?? '';
  const digests = [digestOf('sha256', asString(row['sha256']) ?? ''), digestOf('md5', asString(row['md5']) ?? '')];
  const purl = purlOf(name, version, row);
  const location: Location = { path: file.path, ...lineOf(document.locate(['name'])) };
  const item = packageOf({
    name,
    version,
    type: 'conda',
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    licenses: license === '' ? [] : [license],
    digests: digests.filter((digest) => digest !== undefined),
    // `python >=3.9,<3.10.0a0`: the name and a constraint.
    dependsOn: asStrings(row['depends']).map((text) => text.split(/[\s<>=!~]/)[0] ?? ''),
    facts: factsOf(row),
    ...(tree.files === 'owned' ? { files: filesOf(row, file.path) } : {}),
  });
  return { packages: [item], problems };
}

/** Paths below the environment; `paths_data` has what the plain list lacks. */
function filesOf(row: JsonObject, path: string): readonly PackageFile[] {
  const environment = posix.dirname(posix.dirname(path));
  const listed = asStrings(row['files']).map((name) => ownedFile(ownedPath(environment, name), {}));
  const described = asArray(asObject(row['paths_data'])?.['paths']).map((value) => {
    const entry = asObject(value);
    const size = entry?.['size_in_bytes'];
    return ownedFile(ownedPath(environment, asString(entry?.['_path']) ?? ''), {
      // With the prefix of the environment written into it a file differs from the one in the archive.
      digest: digestOf('sha256', asString(entry?.['sha256_in_prefix']) ?? asString(entry?.['sha256']) ?? ''),
      size: typeof size === 'number' ? size : undefined,
    });
  });
  return mergedFiles([listed.filter(isFile), described.filter(isFile)]);
}

function lineOf(location: Location): Partial<Location> {
  return location.line === undefined ? {} : { line: location.line };
}

/** purl-spec, type conda: build, channel, subdir and type of archive are qualifiers. */
function purlOf(name: string, version: string, row: JsonObject): string | undefined {
  const archive = asString(row['fn']) ?? '';
  return formatPurl({
    type: 'conda',
    name,
    version,
    qualifiers: {
      build: asString(row['build']) ?? asString(row['build_string']),
      channel: channelName(asString(row['channel']) ?? ''),
      subdir: asString(row['subdir']),
      type: /\.(conda|tar\.bz2)$/.exec(archive)?.[1],
    },
  });
}

/** `https://host/conda-forge/noarch` -> `conda-forge`; a bare name stays. */
function channelName(channel: string): string {
  const path = channel.replace(/^[a-z]+:\/\/[^/]+\//, '').replace(/\/+$/, '');
  return path.replace(/\/(?:noarch|(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9_]+)$/, '');
}

function factsOf(row: JsonObject): PackageFacts {
  const downloadUrl = asString(row['url']) ?? '';
  const architecture = asString(row['arch']) ?? asString(row['subdir']);
  const build = asString(row['build']) ?? asString(row['build_string']);
  const channel = asString(row['channel']);
  const other = { ...(build === undefined ? {} : { build }), ...(channel === undefined ? {} : { channel }) };
  return {
    ...(downloadUrl === '' ? {} : { downloadUrl }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}
