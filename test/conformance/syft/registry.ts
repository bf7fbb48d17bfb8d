// SPDX-License-Identifier: Apache-2.0
// Rows that look licences up: Syft's test server becomes a `fetch` that answers from the files of the row. `path` is what Syft asks below
// the registry's base address; ours must be the same.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CatalogOutput } from '../../../src/evidence/packages/catalog.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { addRegistryLicenses } from '../../../src/io/license-registry.ts';
import { packageOf } from '../../../src/model/package.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row } from './fixture.ts';

const base = 'https://registry.example/';

function fetchOf(row: Row, root: string): typeof fetch {
  const answers = new Map<string, string>();
  for (const handler of asArray(row['requestHandlers']).map(asObject)) {
    const path = asString(handler?.['path']);
    const file = asStrings(asObject(handler?.['handler'])?.['args'])[0];
    const input = asStrings(row['inputs']).find((item) => file !== undefined && basename(item) === basename(file));
    const place = input === undefined ? undefined : join(root, 'inputs', input);
    if (path !== undefined && place !== undefined && existsSync(place)) answers.set(path, readFileSync(place, 'utf8'));
  }
  const answer = async (input: string | URL | Request): Promise<Response> => {
    const body = answers.get(new URL(input instanceof Request ? input.url : input).pathname);
    return new Response(body ?? '', { status: body === undefined ? 404 : 200 });
  };
  return answer;
}

/** The output with the licences that the row's registry states. */
export async function withRegistry(
  output: CatalogOutput,
  type: string,
  { row, root }: { row: Row; root: string },
): Promise<CatalogOutput> {
  const registries = { addresses: new Map([[type, base]]), fetch: fetchOf(row, root), timeout: 1000 };
  const { lists, problems } = await addRegistryLicenses(output.lists, registries);
  return { lists, problems: [...output.problems, ...problems] };
}

/** TestGetLicenseFromPypiRegistry: one package by the path that is asked for; an answer that cannot be read is a problem. */
export async function checkRegistryAnswer(row: Row, root: string): Promise<CaseResult> {
  const path = asString(asObject(asArray(row['requestHandlers'])[0])?.['path']) ?? '';
  const [name = '', version = ''] = path.split('/').filter((part) => part !== '');
  const packages = [packageOf({ name, version, type: 'pypi', purl: `pkg:pypi/${name}@${version}` })];
  const list = { cataloger: 'x', path: 'x', ecosystem: 'pypi', kind: 'declared', packages } as const;
  const output = await withRegistry({ lists: [list], problems: [] }, 'pypi', { row, root });
  const license = output.lists[0]?.packages[0]?.licenses.join(' ') ?? '';
  return expectEqual(
    { license: row['expected'], failed: 'expectedError' in row },
    { license, failed: output.problems.length > 0 },
  );
}
