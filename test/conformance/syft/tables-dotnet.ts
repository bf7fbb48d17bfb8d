// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's .NET functions that have a counterpart here.
import { deployedPath, programOf } from '../../../src/evidence/package-facts/dotnet-assets.ts';
import { dotnetRuntimeCpes } from '../../../src/evidence/package-facts/dotnet-runtime.ts';
import { leadingVersion, peProduct, visibleText } from '../../../src/evidence/package-facts/pe-product.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { formatPurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { notShown } from './fixture.ts';

function runtimeCpes(row: Row): CaseResult {
  const combined = asString(row['nameVersion'])
    ?.replace(/^runtimepack\./, '')
    .split('/');
  const name = combined?.[0] ?? asString(row['packageName']) ?? '';
  const version = combined?.[1] ?? asString(row['version']) ?? '';
  const wanted = asArray(row['expected']).map((item) => {
    const { Vendor, Product, Version } = asObject(asObject(item)?.['Attributes']) ?? {};
    return `cpe:2.3:a:${asString(Vendor)}:${asString(Product)}:${asString(Version)}:*:*:*:*:*:*:*`;
  });
  return expectEqual(wanted, dotnetRuntimeCpes(name, version));
}

/** Name and version, and the PURL where the row states one. */
function checkVersionTexts(row: Row): CaseResult {
  const texts = Object.entries(asObject(row['versionResources']) ?? {});
  const wanted = asObject(row['expectedPackage']);
  const { name, version } = peProduct(new Map(texts.map(([key, value]) => [key, asString(value) ?? ''])));
  const purl = wanted?.['PURL'] === undefined ? undefined : formatPurl({ type: 'nuget', name, version });
  return expectEqual(
    { name: wanted?.['Name'], version: wanted?.['Version'], purl: wanted?.['PURL'] },
    { name, version, purl },
  );
}

export const dotnetTables: TableChecks = {
  'dotnet/deps_json#TestTrimLibPrefix': (row) =>
    expectEqual(row['expected'] ?? '', deployedPath(asString(row['input']) ?? '')),
  'dotnet/deps_json#TestGetLogicalDepsJSON_MergeTargets': notShown,
  'dotnet/package#Test_getDepsJSONFilePrefix': (row) =>
    expectEqual(row['want'] ?? '', programOf(asString(row['path']) ?? '')),
  'dotnet/package#Test_NewDotnetBinaryPackage': checkVersionTexts,
  'dotnet/package#Test_extractVersion': (row) =>
    expectEqual(row['expected'], leadingVersion(asString(row['input']) ?? '')),
  'dotnet/package#Test_spaceNormalize': (row) =>
    expectEqual(row['expected'], visibleText(asString(row['input']) ?? '')),
  'dotnet/package#TestRuntimeCPEs': runtimeCpes,
  'dotnet/package#Test_newDotnetDepsPackage_AssignsRuntimeCPEs': runtimeCpes,
};
