// SPDX-License-Identifier: Apache-2.0
// Launchers of Java runtimes and kits. The launcher holds its name, the language version and the full version one after the other.
// Where a `release` file stands beside it, packages/java-runtime.ts tells more.
import type { BinaryClassifier, Product } from './classifier.ts';
import { generic } from './classifier.ts';

const graalvm = generic('oracle/graalvm', 'oracle:graalvm', 'oracle:graalvm_for_jdk');
const zulu = generic('azul/zulu', 'azul:zulu');
const openjdk = named('openjdk', generic('oracle/openjdk', 'oracle:openjdk'));

function named(name: string, product: Product): Product {
  return { ...product, name };
}

const full = String.raw`\d{1,2}(?:\.\d{1,3}){0,4}\+\d{1,3}(?:-[\w.+-]{1,40})?`;
const update = String.raw`1\.\d\.\d_\d{1,3}(?:-[\w.]{1,30})?`;

/** The tables differ in the names that a runtime and a development kit have with the same maker. */
function launcher(id: string, files: readonly string[], products: { oracle: Product; ibm: Product }): BinaryClassifier {
  return {
    id,
    files,
    product: openjdk,
    rules: [
      {
        near: '-jvmci-',
        pattern: /\0(?<version>\d{1,2}(?:\.\d{1,3}){0,4}\+\d{1,3}-jvmci-[\w.+-]{1,40})\0/,
        product: named('graalvm', graalvm),
      },
      // The folder is all that tells builds of Azul apart.
      { pattern: zuluVersion, product: named('zulu', zulu) },
      {
        near: 'openjdk\0',
        pattern: new RegExp(
          String.raw`openjdk\x00{1,8}\w{1,20}\x00{1,8}[01]\.\d\x00{1,8}(?<version>${full}|${update})\x00`,
        ),
      },
      {
        pattern: /\0[01]\.\d\0{1,8}(?<version>1\.8\.0-[\w-]{4,60})\0/,
        product: products.ibm,
      },
      {
        pattern: new RegExp(String.raw`\x00(?:java|j[a-z]{1,10})\x00{1,8}0\.0\x00{1,8}(?<version>${full})\x00`),
        product: products.oracle,
      },
      {
        pattern: new RegExp(String.raw`\x00(?<version>${full})\x00{1,8}0\.0\x00{1,8}java(?=[\x00-\x1f])`),
        product: products.oracle,
      },
      { pattern: new RegExp(String.raw`\x00(?<version>${full})\x00`) },
    ],
  };
}

function zuluVersion(path: string): RegExp | undefined {
  return /(?:^|\/)zulu[\w.-]{0,40}\//.test(path)
    ? new RegExp(String.raw`\x00(?<version>${full}|${update})\x00`)
    : undefined;
}

export const javaLaunchers: readonly BinaryClassifier[] = [
  launcher('java', ['**/java{,.exe}'], {
    oracle: named('jre', generic('oracle/jre', 'oracle:jre')),
    ibm: named('java', generic('ibm/java', 'ibm:java')),
  }),
  launcher('java-development-kit', ['**/jdb{,.exe}'], {
    oracle: named('jdk', generic('oracle/jdk', 'oracle:jdk')),
    ibm: named('java_sdk', generic('ibm/java_sdk', 'ibm:java_sdk')),
  }),
];
