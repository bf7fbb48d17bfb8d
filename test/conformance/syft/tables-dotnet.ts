// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's .NET functions that have a counterpart here.
import { dotnetRuntimeCpes } from '../../../src/evidence/package-facts/dotnet-runtime.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';

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

export const dotnetTables: TableChecks = {
  'dotnet/package#TestRuntimeCPEs': runtimeCpes,
  'dotnet/package#Test_newDotnetDepsPackage_AssignsRuntimeCPEs': runtimeCpes,
};
