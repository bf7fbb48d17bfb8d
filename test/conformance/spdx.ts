// SPDX-License-Identifier: Apache-2.0
// Pack `spdx`: the SPDX project's example documents. Each must parse without a problem that hides something; 2.x documents must survive
// printing and reading in both syntaxes, 3.0 documents in JSON-LD. Members that tag-value has no tag for (unknown ones, the `crossRefs` of
// licences) are left out of the comparison of that form.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseJson } from '../../src/formats/json.ts';
import type { SpdxDocument, SpdxReading } from '../../src/formats/spdx/document.ts';
import { parseSpdxJson, printSpdxJson } from '../../src/formats/spdx/json.ts';
import { parseSpdx2, readSpdx } from '../../src/formats/spdx/sbom.ts';
import { isSpdx3, parseSpdx3, printSpdx3 } from '../../src/formats/spdx/spdx3.ts';
import { parseSpdxTagValue } from '../../src/formats/spdx/tag-value.ts';
import { printSpdxTagValue } from '../../src/formats/spdx/tag-value-print.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectEqual, failed, passed } from './pack.ts';

export const pack: ConformancePack = {
  name: 'spdx',
  cases(root: string): readonly ConformanceCase[] {
    const inputs = join(root, 'inputs');
    return documentsOf(root, inputs).map((id) => ({
      id,
      run: () => checkDocument(readFileSync(join(inputs, id), 'utf8'), basename(id)),
    }));
  },
};

/** The index where there is one; else every document below `inputs`. */
function documentsOf(root: string, inputs: string): readonly string[] {
  const index = join(root, 'index.json');
  if (existsSync(index)) return JSON.parse(readFileSync(index, 'utf8')) as string[];
  if (!existsSync(inputs)) return [];
  const names = readdirSync(inputs, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.spdx$|\.spdx3?\.json$/.test(name)).sort();
}

function checkDocument(text: string, name: string): CaseResult {
  const product = readSpdx(text, name);
  const serious = product.problems.filter((problem) => problem.hidesFindings);
  if (serious.length > 0) return failed('no problem that hides findings', serious);
  if (isSpdx3(parseJson(text, name).value)) return checkGraph(text, name);
  const first = parseSpdx2(text, name);
  if (first.document === undefined || hides(first.problems)) return failed('a document', first.problems);
  const results = [
    compare(first.document, parseSpdxJson(printSpdxJson(first.document), name)),
    compare(withTags(first.document), parseSpdxTagValue(printSpdxTagValue(first.document), name)),
  ];
  return results.find((result) => result.outcome !== 'passed') ?? passed;
}

function checkGraph(text: string, name: string): CaseResult {
  const first = parseSpdx3(text, name);
  if (first.document === undefined || hides(first.problems)) return failed('a graph', first.problems);
  const again = parseSpdx3(printSpdx3(first.document), name);
  return expectEqual(first.document.graph, again.document?.graph);
}

function compare(first: unknown, again: SpdxReading): CaseResult {
  if (again.document === undefined || hides(again.problems)) return failed('a document', again.problems);
  return expectEqual(first, again.document);
}

/** Without what the tag-value form cannot hold. */
function withTags(document: SpdxDocument): unknown {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => (key === 'unknown' || key === 'crossRefs' ? undefined : value)),
  );
}

function hides(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.hidesFindings);
}
