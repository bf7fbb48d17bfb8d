// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for executables that have a counterpart here; rows of classifiers are in binary-classifiers.ts.
import { gzipSync } from 'node:zlib';
import { elfPackage, elfPackagePurl } from '../../../src/evidence/package-facts/elf-package.ts';
import { linuxKernelModule } from '../../../src/evidence/packages/linux-kernel-module.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import type { ElfPackageNote } from '../../../src/formats/elf-package-note.ts';
import { parseElfPackageNote } from '../../../src/formats/elf-package-note.ts';
import { catalogText } from '../../catalog-text.ts';
import { elfFile } from '../../support/executable-writer.ts';
import { storedXz } from '../../support/xz-writer.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { checkClassifier } from './binary-classifiers.ts';
import type { Row, TableChecks } from './fixture.ts';
import { notShown } from './fixture.ts';

/** Rows write the note as Go fields; the reader takes the JSON that a file would hold. */
function noteOf(row: Row): ElfPackageNote | undefined {
  const stated = asObject(row['metadata']);
  const payload = asObject(stated?.['ELFBinaryPackageNoteJSONPayload']);
  const fields = {
    name: stated?.['Name'],
    version: stated?.['Version'],
    type: payload?.['Type'],
    system: payload?.['System'],
    os: payload?.['OS'],
    osVersion: payload?.['OSVersion'],
    osCpe: payload?.['OSCPE'],
  };
  const result = parseElfPackageNote(JSON.stringify(fields));
  return result.kind === 'note' ? result.note : undefined;
}

function checkNotePurl(row: Row): CaseResult {
  const note = noteOf(row);
  return expectEqual(row['want'], note === undefined ? undefined : elfPackagePurl(note));
}

function checkNotePackage(row: Row): CaseResult {
  const note = noteOf(row);
  const item = note === undefined ? undefined : elfPackage(note, { path: 'x' });
  const wanted = asObject(row['expected']);
  return expectEqual(
    { name: wanted?.['Name'], version: wanted?.['Version'], purl: wanted?.['PURL'] },
    { name: item?.name, version: item?.version, purl: item?.purl },
  );
}

/** Syft keeps both spellings of the CPE; ours is the specified one, else the other. */
function checkNote(row: Row): CaseResult {
  const result = parseElfPackageNote(asString(row['payload']) ?? '');
  if (row['wantErr'] !== undefined) return result.kind === 'broken' ? passed : failed(row['wantErr'], result);
  return expectEqual(row['wantCorrect'] || row['wantOSCPE'], result.kind === 'note' ? result.note.osCpe : result);
}

/** `{call: gzCompress, args: [{call: minimalKOBytes, args: [[texts]]}]}`: a module that holds the texts, packed by the call's name. */
function checkModule(row: Row): CaseResult {
  const call = asObject(row['data']);
  const inner = asObject(asArray(call?.['args'])[0]);
  const texts = asStrings(asArray(inner?.['args'])[0]);
  const module = elfFile([{ name: '.modinfo', bytes: Buffer.from(texts.map((text) => `${text}\0`).join('')) }]);
  const bytes =
    call?.['call'] === 'gzCompress' ? gzipSync(module) : call?.['call'] === 'xzCompress' ? storedXz(module) : module;
  const { packages } = catalogText(linuxKernelModule, { [(asString(row['path']) ?? '').replace(/^\//, '')]: bytes });
  const found = packages.map((item) => [item.name, item.version, item.facts?.other?.['kernel'] ?? '']);
  return expectEqual([[row['wantName'], row['wantVer'], row['wantKV']]], found);
}

const isImage: TableChecks[string] = () => ({
  outcome: 'skipped',
  reason: 'the fixture is a container image that is built while the test runs',
});

export const binaryTables: TableChecks = {
  'binary/classifier_cataloger#Test_Cataloger_PositiveCases': checkClassifier,
  'binary/classifiers_java#Test_JavaBinaryImage': isImage,
  'binary/elf_package_cataloger#Test_ELFPackageCataloger': isImage,
  'binary/elf_package_cataloger#Test_unmarshalELFPackageNotesPayload': checkNote,
  'binary/elf_package#Test_packageURL': checkNotePurl,
  'binary/elf_package#Test_newELFPackage': checkNotePackage,
  'binary/pe_package_cataloger': isImage,
  'binary/pe_package': notShown,
  'kernel/cataloger': isImage,
  'kernel/parse_linux_kernel_module_file#TestParseLinuxKernelModuleFile_Compressed': checkModule,
  'php/interpreter_cataloger': isImage,
};
