// SPDX-License-Identifier: Apache-2.0
// Well-known programs that no package manager installed: told by the name of the file and texts inside. The tables stand in
// evidence/binary-classifiers/; an executable is taken whatever it is called, other files by the names in the tables.
import { searchBytes } from '../../formats/byte-search.ts';
import { compileGlob } from '../../formats/glob.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { BinaryClassifier, Product, VersionRule } from '../binary-classifiers/classifier.ts';
import { databases } from '../binary-classifiers/databases.ts';
import { javaLaunchers } from '../binary-classifiers/java.ts';
import { runtimes } from '../binary-classifiers/runtimes.ts';
import { servers } from '../binary-classifiers/servers.ts';
import { tools } from '../binary-classifiers/tools.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const binaryClassifiers: readonly BinaryClassifier[] = [
  ...databases,
  ...servers,
  ...runtimes,
  ...javaLaunchers,
  ...tools,
];

export const binaryClassifier = defineCataloger({
  id: 'binary-classifier',
  title: 'Well-known programs (python, node, nginx, redis, openssl ...)',
  ecosystems: ['generic'],
  kind: 'installed',
  files: binaryClassifiers.filter((item) => item.content === 'text').flatMap((item) => item.files),
  executables: ['elf', 'pe', 'mach-o'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: [
      'programs that are not in the tables or were renamed',
      'patches of a distribution: the version is that of the original',
    ],
  },
  parse: classify,
});

interface Candidate {
  readonly classifier: BinaryClassifier;
  readonly tests: readonly ((path: string) => boolean)[];
}

let candidates: readonly Candidate[] | undefined;

function candidatesFor(path: string): BinaryClassifier[] {
  candidates ??= binaryClassifiers.map((classifier) => ({ classifier, tests: classifier.files.map(compileGlob) }));
  return candidates.filter(({ tests }) => tests.some((test) => test(path))).map(({ classifier }) => classifier);
}

function classify(file: SourceFile): CatalogResult {
  const packages = candidatesFor(file.path).flatMap((classifier) => {
    for (const rule of classifier.rules) {
      const found = applyRule(rule, classifier, file);
      if (found.length > 0) return found;
    }
    return [];
  });
  return { packages, problems: [] };
}

function applyRule(rule: VersionRule, classifier: BinaryClassifier, file: SourceFile): Package[] {
  const pattern = typeof rule.pattern === 'function' ? rule.pattern(file.path) : rule.pattern;
  if (pattern === undefined) return [];
  const products = rule.products ?? { version: rule.product ?? classifier.product };
  const groups = searchBytes(file.bytes, { pattern, near: rule.near, reach: rule.reach }, (match) =>
    Object.keys(products).every((group) => match.groups?.[group] !== undefined) ? match.groups : undefined,
  );
  if (groups === undefined) return [];
  return Object.entries(products).map(([group, product]) =>
    packageOfProduct(product, (groups[group] ?? '').replace(/^v(?=\d)/, ''), {
      classifier: classifier.id,
      path: file.path,
    }),
  );
}

function packageOfProduct(product: Product, version: string, found: { classifier: string; path: string }): Package {
  const purl = formatPurl({ ...product.purl, version });
  return packageOf({
    name: product.name,
    version,
    type: product.purl.type,
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: found.path }],
    cpes: product.cpes.map(
      ([vendor, name]) => `cpe:2.3:a:${escaped(vendor)}:${escaped(name)}:${escaped(version)}:*:*:*:*:*:*:*`,
    ),
    facts: { other: { classifier: found.classifier } },
  });
}

/** Quoting of the CPE 2.3 formatted string binding (NISTIR 7695, 6.2). */
function escaped(value: string): string {
  return value.replace(/[^A-Za-z0-9._-]/g, '\\$&');
}
