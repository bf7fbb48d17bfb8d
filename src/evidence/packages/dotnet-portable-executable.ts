// SPDX-License-Identifier: Apache-2.0
// .NET assemblies and other Windows programs: name and version as their version resources state them.
import { readPe } from '../../formats/pe.ts';
import { isDotnetAssembly, readVersionTexts } from '../../formats/pe-version.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { peProduct, visibleText } from '../package-facts/pe-product.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const dotnetPortableExecutable = defineCataloger({
  id: 'dotnet-portable-executable',
  title: '.NET assemblies and Windows programs (.dll, .exe)',
  ecosystems: ['nuget'],
  kind: 'installed',
  files: [],
  executables: ['pe'],
  // The description of dependencies that `dotnet publish` writes beside the assemblies names the packages they come from.
  yieldsTo: ['dotnet-deps'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: [
      'the package an assembly comes from: the name is the one its makers gave the file',
      'references between assemblies',
    ],
  },
  parse: parsePortableExecutable,
});

function parsePortableExecutable(file: SourceFile): CatalogResult {
  const image = readPe(file.bytes);
  const texts = image === undefined ? new Map<string, string>() : readVersionTexts(image);
  const { name, version } = peProduct(texts);
  if (image === undefined || name === '' || version === '') return { packages: [], problems: [] };
  const type = isDotnetAssembly(image) ? 'nuget' : 'generic';
  const purl = formatPurl({ type, name, version });
  const found = packageOf({
    name,
    version,
    type,
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path }],
    facts: factsOf(texts, image.architecture),
  });
  return { packages: [found], problems: [] };
}

function factsOf(texts: ReadonlyMap<string, string>, architecture: string): PackageFacts {
  const text = (field: string): string => visibleText(texts.get(field) ?? '');
  const supplier = text('CompanyName');
  const other = [
    ['product', text('ProductName')],
    ['product-version', text('ProductVersion')],
    ['file-version', text('FileVersion')],
    ['assembly-version', text('Assembly Version')],
    ['internal-name', text('InternalName')],
  ].filter(([, value]) => value !== '');
  return {
    ...(supplier === '' ? {} : { supplier }),
    ...(architecture === '' ? {} : { architecture }),
    other: Object.fromEntries(other),
  };
}
