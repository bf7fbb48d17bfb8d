// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's Java functions that have a counterpart here.
import { knownGroup } from '../../../src/evidence/package-facts/java-groups.ts';
import { guessIdentity } from '../../../src/evidence/package-facts/java-identity.ts';
import {
  cpeProducts,
  javaCpes,
  javaProduct,
  javaPurl,
  javaVersion,
} from '../../../src/evidence/package-facts/java-product.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { parseManifest } from '../../../src/formats/java-manifest.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { groupOfMetadata } from './tables-java-archives.ts';

function text(row: Row, field: string): string {
  return asString(row[field]) ?? '';
}

/** A manifest as Go writes it, back to its text. */
function manifestOf(row: Row): ReturnType<typeof parseManifest> {
  const manifest = asObject(row['manifest']);
  const blocks = [manifest?.['Main'], ...asArray(manifest?.['Sections'])].map((entries) =>
    asArray(entries)
      .map((entry) => `${asString(asObject(entry)?.['Key'])}: ${asString(asObject(entry)?.['Value'])}`)
      .join('\n'),
  );
  return parseManifest(blocks.join('\n\n'));
}

function selectName(row: Row): CaseResult {
  const path = asString(asArray(asObject(row['archive'])?.['args'])[0]) ?? '';
  return expectEqual(row['expected'], guessIdentity(path, manifestOf(row))?.artifactId);
}

/** Without a file name, so that the version can only come from the manifest. */
function selectVersion(row: Row): CaseResult {
  return expectEqual(row['expected'], guessIdentity('x', manifestOf(row))?.version);
}

function groupOfName(row: Row): CaseResult {
  const name = asString(row['pkgName']);
  return name === undefined ? groupOfMetadata(row) : expectEqual(row['expect'], knownGroup(name));
}

/** `FullVersion` of Go is FULL_VERSION of the file. */
function version(row: Row): CaseResult {
  const fields = Object.entries(asObject(row['input']) ?? {}).map(([key, value]): [string, string] => {
    return [key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(), asString(value) ?? ''];
  });
  return expectEqual(row['expected'], javaVersion(new Map(fields)));
}

function product(row: Row): CaseResult {
  const values = new Map([
    ['IMPLEMENTOR', text(row, 'implementor')],
    ['IMAGE_TYPE', text(row, 'imageType')],
  ]);
  const found = javaProduct(values, text(row, 'path'));
  return expectEqual([row['expectedVendor'], row['expectedProduct']], [found.vendor, found.name]);
}

function cpes(row: Row): CaseResult {
  const image = row['hasJdk'] === true ? 'jdk' : 'jre';
  const products = cpeProducts(text(row, 'primaryProduct'), image);
  const found = javaCpes({ vendor: text(row, 'primaryVendor'), name: '', products }, text(row, 'pkgVersion'));
  const wanted = asArray(row['expected']).map((item) => {
    const { Vendor, Product, Version, Update } = asObject(asObject(item)?.['Attributes']) ?? {};
    return `cpe:2.3:a:${asString(Vendor)}:${asString(Product)}:${asString(Version)}:${asString(Update) || '*'}:*:*:*:*:*:*`;
  });
  return expectEqual(wanted, found);
}

function versionAndUpdate(row: Row): CaseResult {
  const [name = ''] = javaCpes({ vendor: 'v', name: 'n', products: ['p'] }, text(row, 'version'));
  const [, , , , , number, update] = name.split(':');
  const wanted = text(row, 'expectedUpdate');
  return expectEqual([row['expectedVer'], wanted === '' ? '*' : `update${wanted}`], [number, update]);
}

function purl(row: Row): CaseResult {
  const release = asObject(row['ri']);
  const repository = asString(release?.['SourceRepo']) ?? asString(release?.['BuildSourceRepo']);
  const found = javaPurl({ vendor: text(row, 'vendor'), name: text(row, 'product') }, text(row, 'version'), repository);
  return expectEqual(decodeURIComponent(text(row, 'expectedPURL')), decodeURIComponent(found ?? ''));
}

export const javaTables: TableChecks = {
  'java/parse_java_manifest#TestSelectName': selectName,
  'java/parse_java_manifest#TestSelectVersion': selectVersion,
  'java/package_url#Test_groupIDFromJavaMetadata': groupOfName,
  'java/parse_jvm_release#TestJvmVersion': version,
  'java/parse_jvm_release#TestJvmPrimaryVendorProduct': product,
  'java/parse_jvm_release#TestJvmCpes': cpes,
  'java/parse_jvm_release#TestGetJVMVersionAndUpdate': versionAndUpdate,
  'java/parse_jvm_release#TestJvmPurl': purl,
};
