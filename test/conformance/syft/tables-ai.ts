// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for AI models that have a counterpart here. A model of a row becomes a small file, which the cataloger reads.
import { licenseIdOfText, modelName, readModelCard } from '../../../src/evidence/package-facts/model-card.ts';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import { ggufModel } from '../../../src/evidence/packages/gguf-model.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { numberTypeOf } from '../../../src/formats/safetensors.ts';
import type { Package } from '../../../src/model/package.ts';
import { ggufFile } from '../../support/model-writer.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { notShown } from './fixture.ts';

function text(row: Row, field: string): string {
  return asString(row[field]) ?? '';
}

function modelsOf(files: Readonly<Record<string, Uint8Array>>): readonly Package[] {
  const run = new CatalogRun([ggufModel]);
  for (const [path, bytes] of Object.entries(files)) run.take({ path, bytes });
  return run.finish().lists.flatMap((list) => list.packages);
}

function checkModel(row: Row): CaseResult {
  const header = asObject(row['metadata']);
  const want = asObject(row['expected']);
  const values = {
    'general.name': text(asObject(row['input']) as Row, 'modelName'),
    'general.version': text(asObject(row['input']) as Row, 'version'),
    'general.license': text(asObject(row['input']) as Row, 'license'),
    'general.architecture': asString(header?.['Architecture']) ?? '',
  };
  const [found] = modelsOf({
    'x.gguf': ggufFile(values, {
      version: Number(header?.['GGUFVersion'] ?? 3),
      tensors: Number(header?.['TensorCount'] ?? 0),
    }),
  });
  const licenses = asArray(want?.['Licenses']).map((item) => asString(asArray(asObject(item)?.['args'])[0]));
  return expectEqual(
    [want?.['Name'], want?.['Version'], licenses, header?.['Architecture'], String(header?.['TensorCount'])],
    [found?.name, found?.version, found?.licenses, found?.facts?.architecture, found?.facts?.other?.['tensors']],
  );
}

/** Files of one folder; `wantFilePartCount` is the number of nameless files that the one model got. */
function checkParts(row: Row): CaseResult {
  const names = asArray(row['pkgs']).map((item) => asString(asObject(item)?.['Name']) ?? '');
  const files = names.map(
    (name, index) => [`m/${index}.gguf`, ggufFile(name === '' ? {} : { 'general.name': name })] as const,
  );
  const found = modelsOf(Object.fromEntries(files));
  const parts = found.length === 1 ? (found[0]?.locations.length ?? 1) - 1 : 0;
  return expectEqual([row['wantPkgCount'] ?? 0, row['wantFilePartCount'] ?? 0], [found.length, parts]);
}

function checkCard(row: Row): CaseResult {
  const card = readModelCard(text(row, 'input'));
  if (row['wantNil'] === true) return expectEqual(undefined, card);
  return expectEqual(
    [row['wantLicense'] ?? '', row['wantBaseModel'] ?? []],
    [card?.license ?? '', card?.baseModels ?? []],
  );
}

export const aiTables: TableChecks = {
  'ai/package#TestNewGGUFPackage': checkModel,
  'ai/processor#Test_ggufMergeProcessor': checkParts,
  'ai/parse_safetensors#TestSafeTensorsNamingPrecedence': (row) =>
    expectEqual(row['want'] ?? '', modelName(text(row, 'nameOrPath'), text(row, 'fallbackName'))),
  'ai/parse_safetensors#TestSafeTensorsDirName': (row) =>
    expectEqual(row['want'] ?? '', modelName('', text(row, 'groupKey'))),
  'ai/parse_safetensors#TestNormalizeDType': (row) => expectEqual(row['want'] ?? '', numberTypeOf(text(row, 'in'))),
  'ai/parse_safetensors#TestParseFrontmatter': checkCard,
  'ai/parse_safetensors#TestParseLicenseFrontmatter': (row) =>
    expectEqual(row['want'] ?? '', licenseIdOfText(text(row, 'input')) ?? ''),
  'ai/parse_safetensors#TestReadSafeTensorsHeader': notShown,
  'ai/parse_safetensors#TestParseSafeTensorsOCILayer': notShown,
  'ai/parse_safetensors#TestParseSafeTensorsOCILayer_realFixture': notShown,
};
