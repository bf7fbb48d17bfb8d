// SPDX-License-Identifier: Apache-2.0
// Installed Java runtimes: the `release` file that every JDK and JRE has (JEP 223 and its predecessors).
import { parseProperties } from '../../formats/java-properties.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { JavaProduct } from '../package-facts/java-product.ts';
import { javaCpes, javaProduct, javaPurl, javaVersion } from '../package-facts/java-product.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const javaRuntime = defineCataloger({
  id: 'java-runtime',
  title: 'release file of a JDK or JRE',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/java/*/release', '**/jvm/*/release'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: [
      'runtimes in other folders than `java/*` and `jvm/*`',
      'who built an OpenJDK, beyond what the file and its path say',
    ],
  },
  parse: parseRelease,
});

function parseRelease(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const values = new Map([...parseProperties(text)].map(([key, value]) => [key, value.replace(/^"(.*)"$/, '$1')]));
  const version = javaVersion(values);
  if (version === '') return { packages: [], problems };
  return { packages: [packageOfRelease(values, { version, path: file.path })], problems };
}

function packageOfRelease(values: ReadonlyMap<string, string>, found: { version: string; path: string }): Package {
  const { version, path } = found;
  const product: JavaProduct = javaProduct(values, path);
  const repository = values.get('SOURCE_REPO') ?? values.get('BUILD_SOURCE_REPO');
  const purl = javaPurl(product, version, repository);
  const architecture = values.get('OS_ARCH');
  const implementor = values.get('IMPLEMENTOR');
  return packageOf({
    name: product.name,
    version,
    type: 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path }],
    cpes: javaCpes(product, version),
    facts: {
      ...(repository === undefined ? {} : { repository }),
      ...(architecture === undefined ? {} : { architecture }),
      ...(implementor === undefined ? {} : { supplier: implementor }),
    },
  });
}
