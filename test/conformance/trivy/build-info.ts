// SPDX-License-Identifier: Apache-2.0
// Rows about root/buildinfo of Red Hat images. Trivy keeps what it finds beside the packages; here it is the package of the image:
// `Nvr` is its name and version, `ContentSets` are a fact of it.
import { posix } from 'node:path';
import { asObject } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { inputOf } from './inputs.ts';
import type { TrivyMapping } from './mapping.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

const mapping: TrivyMapping = { catalogers: ['redhat-build'], name: placeOf };

export const buildInfoRunners: readonly RowRunner[] = [{ prefix: 'pkg/fanal/analyzer/buildinfo/', run: runRow }];

function placeOf(shown: string): string {
  const base = posix.basename(shown);
  return base.endsWith('.json')
    ? `root/buildinfo/content_manifests/${base}`
    : `root/buildinfo/${base.startsWith('Dockerfile-') ? base : `Dockerfile-${base}`}`;
}

function runRow(row: Row, root: string): CaseResult {
  const input = inputOf(row, root);
  const output = input === undefined ? undefined : catalogInput(input, mapping, row);
  if (output === undefined) return unmapped(row);
  if (wantedError(row) === 'stated') return output.problems.length > 0 ? passed : failed('a problem', output.lists);
  const [item] = output.lists.flatMap((list) => list.packages);
  const want = asObject(asObject(row['want'])?.['BuildInfo']);
  if (want === undefined) return expectEqual(undefined, item);
  const sets = item?.facts?.other?.['contentSets']?.split(' ');
  return expectEqual(
    { nvr: want['Nvr'], architecture: want['Arch'], sets: want['ContentSets'] },
    {
      nvr: want['Nvr'] === undefined ? undefined : `${item?.name}-${item?.version}`,
      architecture: item?.facts?.architecture,
      sets,
    },
  );
}
