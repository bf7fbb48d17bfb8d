// SPDX-License-Identifier: Apache-2.0
// core/*.json as far as it is about SBOM formats and licences, for functions that have a counterpart here. Equivalences:
// - a licence expression may have other parentheses, and members of AND in another order; an id that the SPDX list deprecates and its form of
//   today are equal; the text behind a reference (LicenseRef-) is each tool's own;
// - a reference that a package itself names is declared in our documents, as SPDX demands, and not in Syft's: these declarations are left out;
// - Maven names have their group here; a name in Syft's sense is the last part;
// - of Go structs only the fields that the neutral model has are compared.
import { join } from 'node:path';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { readPurlList } from '../../../src/formats/purl-list.ts';
import { packageOfPurl } from '../../../src/formats/purl-package.ts';
import { buildSpdx } from '../../../src/formats/spdx/build2.ts';
import { buildSpdx3 } from '../../../src/formats/spdx/build3.ts';
import { actorOf, idPart } from '../../../src/formats/spdx/content.ts';
import type { SpdxDocument, SpdxPackage } from '../../../src/formats/spdx/document.ts';
import { readSpdx } from '../../../src/formats/spdx/sbom.ts';
import { printSpdx3 } from '../../../src/formats/spdx/spdx3.ts';
import type { LicenseExpression } from '../../../src/formats/spdx-license.ts';
import { canonicalLicense, parseLicenseExpression, printLicenseExpression } from '../../../src/formats/spdx-license.ts';
import { combineLicenses } from '../../../src/formats/spdx-license-combine.ts';
import { currentLicense } from '../../../src/formats/spdx-license-current.ts';
import { licenseOfName, licenseOfUrl } from '../../../src/formats/spdx-license-names.ts';
import { readSyftJson } from '../../../src/formats/syft-json.ts';
import { digestOf } from '../../../src/model/digest.ts';
import type { Package, PackageFacts } from '../../../src/model/package.ts';
import { packageOf } from '../../../src/model/package.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { Row } from './fixture.ts';
import { ecosystemsOf, readRows } from './fixture.ts';
import { licenseNodes } from './formats-licenses.ts';
import { checkLanguage, checkType } from './formats-syft-json.ts';

type Check = (row: Row) => CaseResult;

const helpers = 'syft/format/internal/spdxutil/helpers/';
const model = 'syft/format/common/spdxhelpers/';

/** By test file and function, without `_test.go`. */
const checks: Readonly<Record<string, Check>> = {
  [`${helpers}download_location#Test_DownloadLocation`]: (row) => checkMember(row, 'downloadLocation'),
  [`${helpers}description#Test_Description`]: (row) => checkMember(row, 'description'),
  [`${helpers}homepage#Test_Homepage`]: (row) => checkMember(row, 'homepage'),
  [`${helpers}license#Test_License`]: checkDeclared,
  [`${helpers}license#TestGenerateLicenseID`]: checkLicenseId,
  [`${helpers}originator_supplier#Test_parseNameEmailUrl`]: checkActor,
  [`${helpers}spdxid#Test_SanitizeElementID`]: (row) =>
    expectEqual(row['expected'], idPart(asString(row['input']) ?? '')),
  [`${model}to_format_model#Test_OtherLicenses`]: checkOtherLicenses,
  [`${model}to_format_model#Test_otherLicenses`]: checkOtherLicenses,
  [`${model}to_syft_model_v3#Test_v3licenseInfoToExpression`]: checkLicenseNode,
  [`${model}to_syft_model_v3#Test_v3toSyftLicenses`]: checkLicenseNodes,
  'syft/format/purls/decoder#TestDecoder_Decode': checkPurlList,
  'syft/format/internal/backfill#Test_Backfill': checkBackfill,
  'syft/format/internal/backfill#Test_nameFromPurl': (row) =>
    expectEqual(row['expected'], lastName(packageOfPurl(asString(row['in']) ?? '')?.name)),
  'syft/format/spdxjson/spdx3_decoder#TestSPDX3JSONRoundTrip_AllPackageTypes': checkRoundTrip,
  'syft/format/syftjson/to_syft_model#Test_toSyftSourceData': (row) => checkSource(row, asObject(row['src'])),
  'syft/format/syftjson/model/source#TestSource_UnmarshalJSON': checkSourceText,
  'syft/format/syftjson/model/source#TestSource_UnmarshalJSON_PreSchemaV9': checkSourceText,
  'syft/format/syftjson/model/linux_release#TestIDLikes_UnmarshalJSON': checkIdLike,
  'syft/pkg/type#TestTypeFromPURL': checkType,
  'syft/pkg/language#TestLanguageFromPURL': checkLanguage,
  'syft/license/license#TestParseExpression': checkExpression,
  'internal/spdxlicense/license_url#TestLicenseByURL': checkUrl,
  'internal/spdxlicense/license_url#TestLicenseByURL_AlternateScheme': checkUrl,
  'internal/spdxlicense/generate/generate_license_list#Test_processSPDXLicense': checkLicenseKeys,
};

/** Case ids are `core/<test file>#<test>`. */
export function cases(root: string): ConformanceCase[] {
  const folder = join(root, 'core');
  return ecosystemsOf(folder).flatMap((name) =>
    readRows(join(folder, `${name}.json`)).flatMap((row) => {
      const check = checks[row.id.replace('_test.go#', '#').replace(/(#[^/]*)\/.*$/s, '$1')];
      return check === undefined ? [] : [{ id: `core/${row.id}`, run: () => check(row) }];
    }),
  );
}

/** A document of one package, as a scan of a folder gives it. */
function documentOf(item: Package): SpdxDocument {
  return buildSpdx({
    target: { kind: 'directory', name: 'target', version: '' },
    tool: { name: 'landwaiter', version: '0' },
    createdAt: '2026-01-01T00:00:00Z',
    lists: [{ cataloger: 'test', path: 'a', ecosystem: item.type, kind: 'declared', packages: [item] }],
  });
}

/** Where Syft's metadata of different ecosystems hold the facts that the model has. */
function factsOf(metadata: JsonObject): PackageFacts {
  const text = (...names: readonly string[]): string | undefined =>
    names.map((name) => asString(metadata[name])).find((value) => value !== undefined && value !== '');
  const facts: Record<string, string | undefined> = {
    description: text('Description'),
    homepage: text('Homepage'),
    downloadUrl: text('URL', 'Resolved') ?? asString(asObject(metadata['Dist'])?.['URL']),
    architecture: text('Architecture', 'Arch'),
    author: text('Maintainer', 'Author'),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function memberOf(document: SpdxDocument, member: keyof SpdxPackage): unknown {
  return document.packages.at(-1)?.[member] ?? '';
}

function checkMember(row: Row, member: keyof SpdxPackage): CaseResult {
  const facts = factsOf(asObject(asObject(row['input'])?.['Metadata']) ?? {});
  const item = packageOf({ name: 'a', version: '1', type: 'generic', facts });
  return expectEqual(row['expected'], memberOf(documentOf(item), member));
}

/** Members of AND and OR sorted, ids of today, so that equal expressions are equal texts. */
function comparable(text: string | undefined): string {
  const parsed = parseLicenseExpression(text ?? '');
  return parsed === undefined ? (text ?? '') : printLicenseExpression(sorted(parsed));
}

function sorted(expression: LicenseExpression): LicenseExpression {
  if (expression.kind === 'license') return currentLicense(expression);
  if (expression.kind === 'with') return expression;
  const members = expression.members
    .map(sorted)
    .toSorted((a, b) => (printLicenseExpression(a) < printLicenseExpression(b) ? -1 : 1));
  return { kind: expression.kind, members };
}

function checkDeclared(row: Row): CaseResult {
  const licenses = asStrings(asObject(row['input'])?.['Licenses']);
  const expected = asObject(row['expected']);
  const document = documentOf(packageOf({ name: 'a', version: '1', type: 'generic', licenses }));
  return expectEqual(
    { concluded: expected?.['concluded'], declared: comparable(asString(expected?.['declared'])) },
    {
      concluded: memberOf(document, 'licenseConcluded'),
      declared: comparable(String(memberOf(document, 'licenseDeclared'))),
    },
  );
}

function checkLicenseId(row: Row): CaseResult {
  const license = asObject(row['license']);
  const text =
    asString(license?.['SPDXExpression']) ?? asString(license?.['Value']) ?? asString(license?.['Contents']) ?? '';
  return expectEqual(comparable(asString(row['expected'])), comparable(combineLicenses([text]).expression));
}

/** SPDX has no place for the address of an actor. */
function checkActor(row: Row): CaseResult {
  const actor = actorOf(asString(row['input']), 'Person');
  const [name, email] = [asString(row['wantName']) ?? '', asString(row['wantEmail']) ?? ''];
  // Without a name the address of the mail box stands in for it.
  return expectEqual(
    { name: name === '' ? email : name, email: name === '' ? '' : email },
    { name: actor?.name ?? '', email: actor?.email ?? '' },
  );
}

function checkOtherLicenses(row: Row): CaseResult {
  const packages = row['packages'] === undefined ? [row['pkg']] : asArray(row['packages']);
  const licenses = packages.flatMap((item) => asStrings(asObject(item)?.['Licenses']));
  const expected = asArray(row['expected']).map((item) => asString(asObject(item)?.['LicenseIdentifier']));
  const document = documentOf(packageOf({ name: 'a', version: '1', type: 'generic', licenses }));
  const found = document.hasExtractedLicensingInfos
    .filter((item) => item.name !== item.licenseId)
    .map((item) => item.licenseId);
  return expectEqual(expected.toSorted(compare), found.toSorted(compare));
}

function compare(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/** The licences that a document gives to a package which declares these licence objects. */
function licensesRead(infos: readonly unknown[]): readonly string[] {
  const graph = {
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [
      { type: 'software_Package', spdxId: 'urn:package', name: 'a' },
      ...infos.map((info, index) => ({
        type: 'Relationship',
        spdxId: `urn:relationship${index}`,
        from: 'urn:package',
        relationshipType: 'hasDeclaredLicense',
        to: [licenseNodes(asObject(info) ?? {}, `urn:license${index}`)],
      })),
    ],
  };
  return readSpdx(JSON.stringify(graph), 'a').lists.flatMap((list) => list.packages.flatMap((item) => item.licenses));
}

function checkLicenseNode(row: Row): CaseResult {
  const licenses = licensesRead(asObject(row['info']) === undefined ? [] : [row['info']]);
  return expectEqual(comparable(asString(row['expected'])), comparable(licenses.join(' AND ')));
}

function checkLicenseNodes(row: Row): CaseResult {
  const expected = asStrings(row['expected']).join(' AND ');
  return expectEqual(comparable(expected), comparable(licensesRead(asArray(row['licenses'])).join(' AND ')));
}

function lastName(name: string | undefined): string | undefined {
  return name?.replace(/^.*:/s, '');
}

function checkPurlList(row: Row): CaseResult {
  const wanted = asArray(row['expected']).map((item) => asObject(item));
  const document = readPurlList(asString(row['purl']) ?? '', 'list');
  const hides = document.problems.some((problem) => problem.hidesFindings);
  if (asString(row['wantErr'])?.endsWith('Error') === true) return hides ? passed : failed('an error', document);
  const found = document.lists.flatMap((list) => list.packages);
  return expectEqual(
    wanted.map((item) => ({ name: item?.['Name'], version: item?.['Version'], purl: item?.['PURL'] })),
    found.map((item) => ({ name: lastName(item.name), version: item.version, purl: item.purl })),
  );
}

function checkBackfill(row: Row): CaseResult {
  const input = asObject(row['in']) ?? {};
  const expected = asObject(row['expected']) ?? {};
  const purl = asString(input['PURL']);
  if (purl === undefined) return failed('a package URL', 'facts from CPE names alone are not filled in');
  const metadata = asObject(expected['Metadata']);
  const given = asObject(input['Metadata']);
  const found = packageOfPurl(purl);
  const architecture = asString(given?.['Architecture']) ?? found?.facts.architecture;
  return expectEqual(
    {
      name: asString(expected['Name']),
      version: asString(expected['Version']),
      architecture: asString(metadata?.['Arch'] ?? metadata?.['Architecture']),
      modularity: asString(metadata?.['ModularityLabel']),
      cpes: asStrings(expected['CPEs']),
    },
    {
      name: lastName(found?.name),
      version: found?.version,
      architecture,
      modularity: found?.facts.modularity,
      cpes: found?.cpes ?? [],
    },
  );
}

/** A slice of a Go constructor: `{"call": "cpes", "args": [...]}`. */
function called(value: unknown): readonly string[] {
  return asStrings(asObject(value)?.['args'] ?? value);
}

function modelOf(struct: JsonObject): Package {
  const metadata = asObject(struct['Metadata']) ?? {};
  const purl = asString(struct['PURL']) ?? '';
  const found = packageOfPurl(purl);
  const facts = { ...found?.facts, ...factsOf(metadata) };
  const digests = asArray(metadata['ArchiveDigests'])
    .map((item) => digestOf(asString(asObject(item)?.['Algorithm']) ?? '', asString(asObject(item)?.['Value']) ?? ''))
    .filter((digest) => digest !== undefined);
  return packageOf({
    name: found?.name ?? asString(struct['Name']) ?? '',
    version: asString(struct['Version']) ?? '',
    type: found?.type ?? 'generic',
    purl,
    licenses: called(struct['Licenses']),
    cpes: called(struct['CPEs']),
    digests,
    locations: asStrings(struct['Locations']).map((path) => ({ path: path.replace(/^\//, '') })),
    ...(found?.sources === undefined ? {} : { sources: found.sources }),
    facts,
  });
}

function checkRoundTrip(row: Row): CaseResult {
  const item = modelOf(asObject(row['input']) ?? {});
  const graph = buildSpdx3({
    target: { kind: 'directory', name: 'target', version: '' },
    tool: { name: 'landwaiter', version: '0' },
    createdAt: '2026-01-01T00:00:00Z',
    lists: [
      {
        cataloger: 'test',
        path: item.locations[0]?.path ?? 'a',
        ecosystem: item.type,
        kind: 'declared',
        packages: [item],
      },
    ],
  });
  const found = readSpdx(printSpdx3(graph), 'a').lists.flatMap((list) => list.packages)[0];
  return expectEqual(essence(modelOf(asObject(row['want']) ?? {})), found === undefined ? undefined : essence(found));
}

function essence(item: Package): unknown {
  const { name, version, purl, licenses, cpes, digests, sources, facts = {} } = item;
  return { name, version, purl, licenses, cpes, digests, sources, facts };
}

function checkSourceText(row: Row): CaseResult {
  if (row['errAssertion'] === 'assert.Error') {
    const source = asObject(JSON.parse(asString(row['input']) ?? '{}'));
    const { problems } = readSyftJson(JSON.stringify({ artifacts: [], source }), 'a');
    return problems.length > 0 ? passed : failed('a problem', source);
  }
  return checkSource(row, asObject(JSON.parse(asString(row['input']) ?? '{}')));
}

/** Only what names the source: id, kind, name, version, else the place. */
function checkSource(row: Row, source: JsonObject | undefined): CaseResult {
  const expected = asObject(row['expected'] ?? row['expectedSource']) ?? {};
  const written = lowerKeys(source ?? {});
  const root = readSyftJson(JSON.stringify({ artifacts: [], source: written }), 'a').root;
  const details = asObject(expected['Metadata']);
  const place = asString(details?.['UserInput']) ?? asString(details?.['Path']) ?? '';
  const version = asString(expected['Version']) || (asString(details?.['ManifestDigest']) ?? '');
  const name = asString(expected['Name']) || place;
  if (name === '' && asString(expected['ID']) === undefined) return expectEqual(undefined, root);
  return expectEqual(
    { id: expected['ID'] ?? 'root', name, version },
    { id: root?.id, name: root?.name, version: root?.version },
  );
}

/** Rows hold the fields of Go structs; documents have them with a small first letter. */
function lowerKeys(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = key === 'ID' ? 'id' : key.charAt(0).toLowerCase() + key.slice(1);
      const inner = asObject(member);
      return [name, inner === undefined ? member : lowerKeys(inner)];
    }),
  );
}

function checkIdLike(row: Row): CaseResult {
  const document = readSyftJson(JSON.stringify({ artifacts: [], distro: { id: 'x', idLike: row['data'] } }), 'a');
  return expectEqual(row['expected'], document.distribution?.idLike);
}

function checkExpression(row: Row): CaseResult {
  const found = canonicalLicense(asString(row['expression']) ?? '');
  if (row['wantErr'] === true) return found === undefined ? passed : failed('an error', found);
  return expectEqual(comparable(asString(row['want'])), comparable(found));
}

function checkUrl(row: Row): CaseResult {
  const found = licenseOfUrl(asString(row['url']) ?? '');
  return expectEqual(
    row['wantFound'] === true ? row['wantID'] : undefined,
    found === undefined ? undefined : printLicenseExpression(found),
  );
}

function checkLicenseKeys(row: Row): CaseResult {
  for (const [key, id] of Object.entries(asObject(row['want']) ?? {})) {
    const found = licenseOfName(key);
    const result = expectEqual(
      { key, license: comparable(asString(id)) },
      { key, license: found === undefined ? undefined : printLicenseExpression(found) },
    );
    if (result.outcome !== 'passed') return result;
  }
  return passed;
}
