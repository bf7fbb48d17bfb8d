// SPDX-License-Identifier: Apache-2.0
// core/pkg_licensing*.json: names and addresses of licences, expressions, and the expression of a document. Compared with these equivalences:
// - operators are printed in upper case here, and kept as written by Trivy;
// - an id that the SPDX list deprecates and its form of today are equal;
// - references to words (LicenseRef-) are compared by the words, because every tool makes its own ids.
// Categories by the words of a licence text (`text://`), texts and tokens have no counterpart here.
import { classifyLicense } from '../../../src/evidence/licenses/classify.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { LicenseExpression } from '../../../src/formats/spdx-license.ts';
import { licensesOf, parseLicenseExpression, printLicenseExpression } from '../../../src/formats/spdx-license.ts';
import { combineLicenses } from '../../../src/formats/spdx-license-combine.ts';
import { currentLicense } from '../../../src/formats/spdx-license-current.ts';
import { licenseOfUrl, normaliseLicense } from '../../../src/formats/spdx-license-names.ts';
import { normaliseLicenseUrl } from '../../../src/formats/spdx-license-url.ts';
import { licenseSeverities } from '../../../src/model/license.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { Row, RowRunner } from './rows.ts';
import { wantedError } from './rows.ts';

export const licensingRunners: readonly RowRunner[] = [
  { prefix: 'pkg/licensing/normalize_test.go#TestNormalize/', run: normaliseNames },
  { prefix: 'pkg/licensing/normalize_test.go#TestLaxSplitLicense', run: split },
  { prefix: 'pkg/licensing/normalize_test.go#TestNormalizeLicenseURL', run: normaliseUrl },
  { prefix: 'pkg/licensing/normalize_test.go#TestSPDXLicenseIDByURL', run: findByUrl },
  { prefix: 'pkg/licensing/expression/category_test.go#TestSPDXLicenseIDByURL', run: findByUrl },
  { prefix: 'pkg/licensing/expression/expression_test.go#TestNormalize', run: normaliseExpression },
  { prefix: 'pkg/licensing/expression/parser_test.go#TestParse', run: parse },
  { prefix: 'pkg/sbom/spdx/marshal_test.go#TestMarshaler_normalizeLicenses', run: combine },
  { prefix: 'pkg/licensing/scanner_test.go#TestScanner_Scan/', run: classify },
];

function print(expression: LicenseExpression | undefined): string | undefined {
  return expression === undefined ? undefined : printLicenseExpression(expression);
}

/** An expected text in today's ids. */
function today(text: unknown): string | undefined {
  const parsed = parseLicenseExpression(asString(text) ?? '');
  return parsed?.kind === 'license' ? print(currentLicense(parsed)) : print(parsed);
}

function normaliseNames(row: Row): CaseResult {
  for (const item of asArray(row['licenses'])) {
    const text = nameOf(asObject(item) ?? {});
    const result = expectEqual({ text, license: today(row['want']) }, { text, license: print(normaliseLicense(text)) });
    if (result.outcome !== 'passed') return result;
  }
  return passed;
}

/** A simple expression, or the call that joins two with an operator. */
function nameOf(item: JsonObject): string {
  if (item['call'] === undefined) return `${asString(item['License']) ?? ''}${item['HasPlus'] === true ? '+' : ''}`;
  return asArray(item['args'])
    .map((part) =>
      typeof part === 'string' ? part.replace(/^expression\.Token/, '').toUpperCase() : nameOf(asObject(part) ?? {}),
    )
    .join(' ');
}

function split(row: Row): CaseResult {
  const expression = normaliseLicense(asString(row['license']) ?? '');
  return expectEqual(
    asStrings(row['wantLicenses']),
    expression === undefined ? [] : licensesOf(expression).map(printLicenseExpression),
  );
}

function normaliseUrl(row: Row): CaseResult {
  return expectEqual(row['want'], normaliseLicenseUrl(asString(row['url']) ?? ''));
}

function findByUrl(row: Row): CaseResult {
  const found = print(licenseOfUrl(asString(row['url']) ?? ''));
  return expectEqual(row['wantOK'] === true ? today(row['want']) : undefined, found);
}

function normaliseExpression(row: Row): CaseResult {
  return expectEqual(today(row['want']), print(normaliseLicense(asString(row['license']) ?? '')));
}

function parse(row: Row): CaseResult {
  const parsed = parseLicenseExpression(asString(row['input']) ?? '');
  if (wantedError(row) === 'stated') return parsed === undefined ? passed : failed('an error', parsed);
  return expectEqual(upper(asString(row['wantStr'])), upper(print(parsed)));
}

function upper(text: string | undefined): string | undefined {
  return text?.replace(/ (?:and|or|with) /gi, (operator) => operator.toUpperCase());
}

/** The row's own table of categories decides. */
function classify(row: Row): CaseResult {
  const table = Object.fromEntries(
    Object.entries(asObject(row['categories']) ?? {}).map(([category, ids]) => [category, asStrings(ids)]),
  );
  const { category } = classifyLicense(asString(row['licenseName']) ?? '', table);
  return expectEqual([row['wantCategory'], row['wantSeverity']], [category, licenseSeverities[category].toUpperCase()]);
}

function combine(row: Row): CaseResult {
  const combined = combineLicenses(asStrings(row['input']));
  const wanted = asArray(row['wantOtherLicenses']).map((item) => asObject(item));
  const wantedWords = new Map(
    wanted.map((item) => [asString(item?.['LicenseIdentifier']) ?? '', asString(item?.['LicenseName']) ?? '']),
  );
  const ourWords = new Map(combined.references.map(({ id, name }) => [id, name]));
  return expectEqual(
    withWords(asString(row['wantLicenseName']) ?? '', wantedWords),
    withWords(combined.expression, ourWords),
  );
}

function withWords(text: string, words: ReadonlyMap<string, string>): string {
  return text.replace(/LicenseRef-[A-Za-z0-9.-]+/g, (id) => JSON.stringify(words.get(id) ?? id));
}
