// SPDX-License-Identifier: Apache-2.0
// conanfile.txt: the requirements of a C or C++ project. https://docs.conan.io/2/reference/conanfile_txt.html
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { conanPackage, parseConanReference } from '../package-facts/conan-reference.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const conanfileTxt = defineCataloger({
  id: 'conanfile-txt',
  title: 'conanfile.txt',
  ecosystems: ['conan'],
  kind: 'declared',
  files: ['**/conanfile.txt'],
  yieldsTo: ['conan-lock'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['conanfile.py, which is a program'],
  },
  parse: parseConanfile,
});

const sections: Readonly<Record<string, Scope>> = {
  '[requires]': 'runtime',
  '[build_requires]': 'build',
  '[tool_requires]': 'build',
  '[test_requires]': 'test',
};

function parseConanfile(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const packages = new Map<string, Package>();
  let scope: Scope | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('[')) scope = sections[line];
    if (line === '' || line.startsWith('#') || line.startsWith('[') || scope === undefined) continue;
    const location = { path: file.path, line: index + 1 };
    const reference = parseConanReference(line);
    if (reference === undefined) {
      problems.push({ kind: 'schema', message: 'not a Conan reference', location, hidesFindings: true });
      continue;
    }
    const item = conanPackage(reference, { location, scope, relationship: 'direct' });
    if (!packages.has(item.id)) packages.set(item.id, item);
  }
  return { packages: [...packages.values()], problems };
}
