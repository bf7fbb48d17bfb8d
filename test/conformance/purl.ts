// SPDX-License-Identifier: Apache-2.0
// Runs the test suite of the package URL specification through parsePurl and formatPurl.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatPurl, type PurlParts, parsePurl } from '../../src/model/purl.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, expectEqual, failed, passed } from './pack.ts';

interface PurlTest {
  readonly description: string;
  readonly test_type: string;
  readonly input: unknown;
  readonly expected_output: unknown;
  readonly expected_failure: boolean;
}

interface Components {
  readonly type: string | null;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly version: string | null;
  readonly qualifiers: Record<string, string> | null;
  readonly subpath: string | null;
}

function componentsOf(parts: PurlParts): Components {
  return {
    type: parts.type,
    namespace: parts.namespace ?? null,
    name: parts.name,
    version: parts.version ?? null,
    qualifiers: parts.qualifiers === undefined ? null : (parts.qualifiers as Record<string, string>),
    subpath: parts.subpath ?? null,
  };
}

function build(components: Components): string | undefined {
  return formatPurl({
    type: components.type ?? '',
    namespace: components.namespace ?? undefined,
    name: components.name ?? '',
    version: components.version ?? undefined,
    qualifiers: components.qualifiers ?? undefined,
    subpath: components.subpath ?? undefined,
  });
}

/** `validate` and `roundtrip` (its name in the first version of the schema): canonical text of a text. */
function produce(test: PurlTest): unknown {
  if (test.test_type === 'build') return build(test.input as Components);
  const parts = parsePurl(String(test.input));
  if (parts === undefined) return undefined;
  return test.test_type === 'parse' ? componentsOf(parts) : formatPurl(parts);
}

function runTest(test: PurlTest): CaseResult {
  const actual = produce(test);
  if (test.expected_failure) return actual === undefined ? passed : failed('refused', actual);
  return actual === undefined ? failed(test.expected_output, 'refused') : expectEqual(test.expected_output, actual);
}

export const purlPack: ConformancePack = {
  name: 'purl',
  cases(root) {
    const folder = join(root, 'tests');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => file.endsWith('.json'))
      .sort()
      .flatMap((file): ConformanceCase[] => {
        const { tests } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tests: PurlTest[] };
        return tests.map((test, index) => ({
          id: `${file.replaceAll('\\', '/')}#${index}:${test.test_type}`,
          run: () => runTest(test),
        }));
      });
  },
};
