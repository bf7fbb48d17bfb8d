// SPDX-License-Identifier: Apache-2.0
// tables/*.json: small tables of Syft's inner functions. Each ecosystem's file says which of them have a counterpart here; the rest fail.
import { join } from 'node:path';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed } from '../pack.ts';
import { fileTables } from './checks-files.ts';
import type { TableChecks } from './fixture.ts';
import { ecosystemsOf, readRows, shortId } from './fixture.ts';
import { mappedBy } from './mapping.ts';
import { aiTables } from './tables-ai.ts';
import { binaryTables } from './tables-binary.ts';
import { dotnetTables } from './tables-dotnet.ts';
import { golangTables } from './tables-golang.ts';
import { golangOptionTables } from './tables-golang-options.ts';
import { javaTables } from './tables-java.ts';
import { javaArchiveTables } from './tables-java-archives.ts';
import { javascriptTables } from './tables-javascript.ts';
import { languageTables } from './tables-languages.ts';
import { manifestTables } from './tables-manifests.ts';
import { nixTables } from './tables-nix.ts';
import { pythonTables } from './tables-python.ts';
import { redhatTables } from './tables-redhat.ts';
import { requirementTables } from './tables-requirements.ts';
import { systemTables } from './tables-systems.ts';

const checks: TableChecks = {
  ...aiTables,
  ...javaTables,
  ...javaArchiveTables,
  ...javascriptTables,
  ...languageTables,
  ...manifestTables,
  ...pythonTables,
  ...dotnetTables,
  ...binaryTables,
  ...golangTables,
  ...golangOptionTables,
  ...redhatTables,
  ...fileTables,
  ...nixTables,
  ...systemTables,
  ...requirementTables,
};

/** Case ids are `tables/<ecosystem>/<test file>#<test>`. */
export function cases(root: string): ConformanceCase[] {
  const folder = join(root, 'tables');
  return ecosystemsOf(folder).flatMap((ecosystem) =>
    readRows(join(folder, `${ecosystem}.json`)).map((row) => {
      const id = shortId(row.id);
      const rest = id.startsWith(`${ecosystem}/`) ? id.slice(ecosystem.length + 1) : id;
      const check = mappedBy(checks, id);
      const run = (): CaseResult | Promise<CaseResult> =>
        check?.(row, root) ?? failed('a counterpart of this function', 'not mapped');
      return { id: `tables/${ecosystem}/${rest}`, run };
    }),
  );
}
