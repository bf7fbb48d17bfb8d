// SPDX-License-Identifier: Apache-2.0
// core/pkg_sbom.json and core/pkg_sbom_spdx.json: which format a text has, and packages of SPDX documents. Equivalences:
// - packages are compared with the file they come from, version (epoch and release in it), purl, layer, licences, digest and source package;
// - packages without a package URL are left out, because Trivy leaves them out; so are what a document is about (images);
// - Trivy's names of distributions and ours (those of os-release) are compared in ours;
// - an attestation is called by the format of the SBOM in it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attestedText } from '../../../src/formats/attested-sbom.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { distributionOf } from '../../../src/formats/purl-package.ts';
import { detectSbomFormat, readSbom } from '../../../src/formats/sbom-format.ts';
import { readSpdx } from '../../../src/formats/spdx/sbom.ts';
import type { SbomDocument } from '../../../src/model/sbom.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import { purlText, wholeVersion } from './core-values.ts';
import type { Row, RowRunner } from './rows.ts';
import { wantedError } from './rows.ts';

export const sbomRunners: readonly RowRunner[] = [
  { prefix: 'pkg/sbom/sbom_test.go#TestDetectFormat', run: detect },
  { prefix: 'pkg/sbom/sbom_test.go#TestIsSPDXJSON', run: (row) => isFormat(row, 'spdx') },
  { prefix: 'pkg/sbom/sbom_test.go#TestIsCycloneDXJSON', run: (row) => isFormat(row, 'cyclonedx') },
  { prefix: 'pkg/sbom/sbom_test.go#TestDecode', run: decode },
  { prefix: 'pkg/sbom/spdx/unmarshal_test.go#', run: unmarshal },
];

function formatOf(text: string): string {
  const inner = attestedText(text);
  const found = detectSbomFormat(inner ?? text, 'sbom');
  return found === undefined ? 'unknown' : `${found.format}-${found.syntax}`;
}

function detect(row: Row): CaseResult {
  const want = (asString(row['want']) ?? '').replace(/^(?:attest|sigstore-bundle)-/, '');
  return expectEqual(want, formatOf(asString(row['input']) ?? ''));
}

function isFormat(row: Row, format: string): CaseResult {
  return expectEqual(row['want'] === true, formatOf(asString(row['input']) ?? '') === `${format}-json`);
}

async function decode(row: Row): Promise<CaseResult> {
  const document = await readSbom(asString(row['input']) ?? '', 'sbom');
  const hides = document === undefined || document.problems.some((problem) => problem.hidesFindings);
  return expectEqual(wantedError(row) === 'stated', hides);
}

const documentPath = 'the document';

function unmarshal(row: Row, root: string): CaseResult {
  const text = readFileSync(join(root, 'inputs', row.inputs?.[0] ?? ''), 'utf8');
  const document = readSpdx(text, documentPath);
  const hiding = document.problems.filter((problem) => problem.hidesFindings);
  if (wantedError(row) === 'stated') return hiding.length > 0 ? passed : failed(row['wantErr'], document);
  if (hiding.length > 0) return failed('no problem', hiding);
  const want = asObject(row['want']) ?? {};
  const system = distributionWanted(asObject(asObject(want['Metadata'])?.['OS']));
  const { distribution } = document;
  const ours = distribution === undefined ? undefined : { id: distribution.id, versionId: distribution.versionId };
  const result = expectEqual(system, ours);
  return result.outcome === 'passed' ? expectSameSet(packagesWanted(want), packagesFound(document)) : result;
}

function distributionWanted(os: JsonObject | undefined): unknown {
  if (os === undefined) return undefined;
  const { id, versionId } = distributionOf(asString(os['Family']) ?? '', asString(os['Name']) ?? '');
  return { id, versionId };
}

function packagesWanted(want: JsonObject): readonly unknown[] {
  return [...asArray(want['Applications']), ...asArray(want['Packages'])].flatMap((entry) => {
    const group = asObject(entry) ?? {};
    return asArray(group['Packages']).map((item) => {
      const wanted = asObject(item) ?? {};
      const source = asString(wanted['SrcName']) ?? '';
      return {
        file: wanted['FilePath'] ?? group['FilePath'],
        name: wanted['Name'],
        version: wholeVersion(wanted),
        purl: purlText(asObject(wanted['Identifier'])?.['PURL']),
        layer: asObject(wanted['Layer'])?.['DiffID'],
        licenses: asStrings(wanted['Licenses']),
        digest: wanted['Digest'],
        source: source === '' ? undefined : `${source} ${sourceVersion(wanted)}`,
      };
    });
  });
}

function sourceVersion(item: JsonObject): string {
  return wholeVersion({ Epoch: item['SrcEpoch'], Version: item['SrcVersion'], Release: item['SrcRelease'] });
}

function packagesFound(document: SbomDocument): readonly unknown[] {
  return document.lists
    .flatMap((list) => list.packages)
    .filter((item) => item.purl !== undefined && item.type !== 'oci')
    .map((item) => {
      const location = item.locations[0];
      const source = item.sources?.[0];
      return {
        file: location?.path === documentPath ? undefined : location?.path,
        name: item.name,
        version: item.version,
        purl: item.purl,
        layer: location?.layer,
        licenses: item.licenses,
        digest: item.digests[0],
        source: source === undefined ? undefined : `${source.name} ${source.version}`,
      };
    });
}
