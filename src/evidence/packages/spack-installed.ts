// SPDX-License-Identifier: Apache-2.0
// .spack/spec.json of an installed Spack package: the package and everything it was built with.
import { asArray, asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const spackInstalled = defineCataloger({
  id: 'spack-installed',
  title: '.spack/spec.json',
  ecosystems: ['spack'],
  kind: 'installed',
  files: ['**/.spack/spec.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which package needs which: each has a file of its own'],
  },
  parse: parseSpec,
});

function parseSpec(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems = [...encoding, ...document.problems];
  // The first node is the package of this folder; the others have a folder, and a file, of their own.
  const node = asObject(asArray(asObject(asObject(document.value)?.['spec'])?.['nodes'])[0]);
  const name = asString(node?.['name']);
  const version = asString(node?.['version']);
  if (node === undefined || name === undefined || version === undefined) {
    const location = { path: file.path, line: 1 };
    return {
      packages: [],
      problems: [...problems, { kind: 'schema', message: 'no package in it', location, hidesFindings: true }],
    };
  }
  const architecture =
    asString(asObject(node['arch'])?.['target']) ?? asString(asObject(asObject(node['arch'])?.['target'])?.['name']);
  const needs = [
    ...asArray(node['dependencies']).flatMap((item) => asStrings(asObject(item)?.['name'])),
    ...entriesOf(node['dependencies']).map(([key]) => key),
  ].join(', ');
  const purl = formatPurl({ type: 'spack', name, version });
  const found = packageOf({
    name,
    version,
    type: 'spack',
    ...(purl === undefined ? {} : { purl }),
    locations: [document.locate(['spec', 'nodes', 0])],
    facts: {
      ...(architecture === undefined ? {} : { architecture }),
      ...(needs === '' ? {} : { other: { depends: needs } }),
    },
  });
  return { packages: [found], problems };
}
