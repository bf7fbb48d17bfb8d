// SPDX-License-Identifier: Apache-2.0
// Which product a Java runtime is, from its `release` file and its path; names as the CPE dictionary has them. Matches Syft.
import { formatPurl } from '../../model/purl.ts';

export interface JavaProduct {
  /** CPE vendor, also the namespace of the package URL. */
  readonly vendor: string;
  /** What the package is called: openjdk, jdk, jre, zulu, graalvm ... */
  readonly name: string;
  /** CPE products the runtime stands for. */
  readonly products: readonly string[];
}

/** The most precise version the file states; empty when it states none. */
export function javaVersion(values: ReadonlyMap<string, string>): string {
  const keys = ['JAVA_RUNTIME_VERSION', 'FULL_VERSION', 'SEMANTIC_VERSION', 'JAVA_VERSION'];
  return keys.map((key) => values.get(key) ?? '').find((value) => value !== '') ?? '';
}

/**
 * Azul's builds carry their own version lines; everything else that is built from OpenJDK is `oracle:openjdk` in the dictionary,
 * Oracle's commercial builds are `jdk` or `jre`.
 */
export function javaProduct(values: ReadonlyMap<string, string>, path: string): JavaProduct {
  const implementor = (values.get('IMPLEMENTOR') ?? '').toLowerCase();
  const isJdk = (values.get('IMAGE_TYPE') ?? '').toUpperCase() !== 'JRE' && !/(?:^|[/-])jre/i.test(path);
  if (implementor.includes('azul') || /zulu/i.test(path)) {
    const name = /prime|zing/i.test(path) ? 'zing' : 'zulu';
    return { vendor: 'azul', name, products: [name] };
  }
  const image = isJdk ? 'jdk' : 'jre';
  if (implementor.includes('sun')) return { vendor: 'sun', name: image, products: cpeProducts('jre', image) };
  const isOracle = implementor.includes('oracle') || implementor === '';
  const isCommercial = values.get('BUILD_TYPE') === 'commercial' || implementor.includes('oracle');
  if (isOracle && (isCommercial || /(?:^|\/)(?:jdk|jre)[^/]*\/release$/i.test(path))) {
    return { vendor: 'oracle', name: image, products: cpeProducts('java_se', image) };
  }
  return { vendor: 'oracle', name: 'openjdk', products: ['openjdk'] };
}

/** A commercial runtime is known under the names of all that it holds. */
export function cpeProducts(primary: string, image: 'jdk' | 'jre'): string[] {
  if (primary !== 'java_se' && primary !== 'jre') return [primary];
  return [...new Set([primary, 'jre', ...(image === 'jdk' ? ['jdk'] : [])])];
}

/** Package URL of a runtime; `repository` is where its sources are. */
export function javaPurl(
  product: Pick<JavaProduct, 'vendor' | 'name'>,
  version: string,
  repository: string | undefined,
): string | undefined {
  const { vendor: namespace, name } = product;
  return formatPurl({ type: 'generic', namespace, name, version, qualifiers: { repository_url: repository } });
}

/** CPE 2.3 names. `1.8.0_411-b25` is version 1.8.0 update 411; from Java 9 on the update is part of the version (JEP 223). */
export function javaCpes(product: JavaProduct, version: string): string[] {
  const legacy = /^(1\.\d+(?:\.\d+)?)_(\d{1,6})/.exec(version);
  const number = legacy?.[1] ?? /^[0-9][0-9.]{0,60}/.exec(version)?.[0]?.replace(/\.$/, '');
  if (number === undefined) return [];
  const update = legacy === null ? '*' : `update${legacy[2]}`;
  return product.products.map((name) => `cpe:2.3:a:${product.vendor}:${name}:${number}:${update}:*:*:*:*:*:*`);
}
