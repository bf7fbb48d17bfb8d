// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's operating system analyzers: databases of apk and dpkg, and the files that name a distribution.
// Equivalences: Trivy cuts a version into epoch, version and release, we keep it whole; Trivy calls distributions by names of its own
// (table below), and passes over those it does not know; `wantFiles`, `InstalledFiles` and `Repository` have no place in our model.
// Trivy passes over Pre-Depends of dpkg; edges that only that field gives are taken out of ours.
import { posix } from 'node:path';
import { parseControlFile } from '../../../src/formats/deb822.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { licensesOf, printLicenseExpression } from '../../../src/formats/spdx-license.ts';
import { normaliseLicense } from '../../../src/formats/spdx-license-names.ts';
import { decodeText } from '../../../src/formats/text.ts';
import type { Distribution, Package } from '../../../src/model/package.ts';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, expectSameSet, failed, passed } from '../pack.ts';
import { catalogInput } from './catalog.ts';
import { inputOf } from './inputs.ts';
import type { TrivyMapping } from './mapping.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

const packages: TrivyMapping = { catalogers: ['apk-installed', 'dpkg-status'], name: 'lib/apk/db/installed' };
const release: TrivyMapping = { catalogers: ['os-release'], name: releaseName };

export const osPackageRunners: readonly RowRunner[] = [
  { prefix: 'pkg/fanal/analyzer/pkg/apk/', run: (row, root) => runPackages(row, root) },
  { prefix: 'pkg/fanal/analyzer/pkg/dpkg/dpkg_test.go#Test_dpkgAnalyzer', run: (row, root) => runPackages(row, root) },
  { prefix: 'pkg/fanal/analyzer/pkg/dpkg/copyright_test.go', run: (row, root) => runCopyright(row, root) },
  { prefix: 'pkg/fanal/analyzer/os/', run: (row, root) => runRelease(row, root) },
];

/** The os-release tests call their files after the distribution; the others have the real names. */
function releaseName(shown: string): string {
  const base = posix.basename(shown);
  return /_version$|-release$/.test(base) && !shown.includes('release/') ? `etc/${base}` : 'etc/os-release';
}

function runPackages(row: Row, root: string): CaseResult {
  const input = inputOf(row, root);
  const output = input === undefined ? undefined : catalogInput(input, packages, row);
  if (output === undefined) return unmapped(row);
  const stated = asArray(asObject(row['want'])?.['PackageInfos']).flatMap((info) =>
    asArray(asObject(info)?.['Packages']),
  );
  const wanted = [...stated, ...asArray(row['wantPkgs'])].map((item) => asObject(item) ?? {});
  const ours = output.lists.flatMap((list) => list.packages);
  const labels = new Map(ours.map((item) => [item.id, `${item.name}@${item.version}`]));
  const passedOver = preDependencies(input?.files ?? []);
  const actual = ours.map((item) => ourPackage(item, labels, passedOver.get(item.name) ?? []));
  return expectSameSet(wanted.map(wantedPackage), actual);
}

/** Names in Pre-Depends that are not in Depends, by package. */
function preDependencies(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const names = (field: string | undefined): string[] =>
    (field ?? '').match(/[a-z0-9][a-z0-9+.-]+(?=\s|,|\||:|$)/g) ?? [];
  for (const file of files.filter((item) => item.path.endsWith('dpkg/status'))) {
    const { paragraphs } = parseControlFile(decodeText(file.bytes, file.path).text, file.path);
    for (const { fields } of paragraphs) {
      const depends = names(fields.get('depends'));
      const only = names(fields.get('pre-depends')).filter((name) => !depends.includes(name));
      const providers = paragraphs.filter((item) =>
        names(item.fields.get('provides')).some((name) => only.includes(name)),
      );
      found.set(fields.get('package') ?? '', [...only, ...providers.map((item) => item.fields.get('package') ?? '')]);
    }
  }
  return found;
}

function wantedPackage(item: JsonObject): unknown {
  return {
    name: item['Name'],
    version: joined(item, ''),
    architecture: item['Arch'],
    source: `${asString(item['SrcName']) ?? ''} ${joined(item, 'Src')}`,
    maintainer: item['Maintainer'],
    digest: item['Digest'],
    licenses: licenseIds(asStrings(item['Licenses'])),
    dependencies: asStrings(item['DependsOn']).toSorted(),
  };
}

/** `Epoch`, `Version` and `Release`, or the same with `Src` before, as one version. */
function joined(item: JsonObject, prefix: string): string {
  const epoch = item[`${prefix}Epoch`];
  const part = asString(item[`${prefix}Release`]) ?? '';
  const version = asString(item[`${prefix}Version`]) ?? '';
  return `${typeof epoch === 'number' && epoch > 0 ? `${epoch}:` : ''}${version}${part === '' ? '' : `-${part}`}`;
}

function ourPackage(item: Package, labels: ReadonlyMap<string, string>, passedOver: readonly string[]): unknown {
  const source = item.sources?.[0];
  return {
    name: item.name,
    version: item.version,
    architecture: item.facts?.architecture,
    source: `${source?.name ?? ''} ${source?.version ?? ''}`,
    maintainer: item.facts?.supplier,
    digest: item.digests[0],
    licenses: licenseIds(item.licenses),
    dependencies: item.dependsOn
      .map((id) => labels.get(id) ?? id)
      .filter((label) => !passedOver.includes(label.split('@')[0] ?? ''))
      .sort(),
  };
}

/** Trivy writes SPDX ids where it knows the words of a database; both sides are brought to ids by our own table. */
function licenseIds(texts: readonly string[]): string[] {
  const expressions = texts.map(normaliseLicense).filter((item) => item !== undefined);
  return [...new Set(expressions.flatMap(licensesOf).map(printLicenseExpression))].sort();
}

function runCopyright(row: Row, root: string): CaseResult {
  const path = asString(row['filePath']) ?? '';
  const input = inputOf(row, root);
  const file = input?.files[0];
  if (file === undefined) return unmapped(row);
  const name = path.split('/').at(-2) ?? '';
  const status = { path: 'var/lib/dpkg/status.d/x', bytes: new TextEncoder().encode(`Package: ${name}\nVersion: 1\n`) };
  const output = catalogInput({ kind: 'folder', files: [status, { ...file, path }] }, packages, row);
  const findings = asArray(asObject(row['want'])?.['Licenses']).flatMap((item) =>
    asArray(asObject(item)?.['Findings']),
  );
  const want = findings.map((item) => asString(asObject(item)?.['Name'])).filter((item) => item !== undefined);
  const ours = output?.lists.flatMap((list) => list.packages).flatMap((item) => item.licenses) ?? [];
  return expectEqual(licenseIds(want), licenseIds(ours));
}

/** Trivy's names of families, where they are not the ID of os-release. */
const familyNames: Readonly<Record<string, string>> = {
  almalinux: 'alma',
  amzn: 'amazon',
  mariner: 'cbl-mariner',
  ol: 'oracle',
  rhel: 'redhat',
  'sl-micro': 'slem',
  'sle-micro': 'slem',
  'sle-micro-rancher': 'slem',
  'suse-microos': 'slem',
};

function familyOf({ id, name }: Distribution): string {
  if (id === 'centos' && name.startsWith('CentOS Stream')) return 'centos-stream';
  return familyNames[id] ?? id;
}

function runRelease(row: Row, root: string): CaseResult {
  const input = inputOf(row, root);
  const output = input === undefined ? undefined : catalogInput(input, release, row);
  if (output === undefined || row['filePath'] !== undefined) return unmapped(row);
  const found = output.lists.find((list) => list.distribution !== undefined)?.distribution;
  if (wantedError(row) === 'stated') {
    return output.problems.some((problem) => problem.hidesFindings) ? passed : failed('a problem', found);
  }
  const system = asObject(asObject(row['want'])?.['OS']);
  if (system === undefined) return output.problems.length === 0 ? passed : failed('no problem', output.problems);
  if (found === undefined) return failed(system, 'no distribution');
  // Before a Debian release has a number, Trivy's name is the text of debian_version, which ends our name.
  const version = found.versionId === '' ? found.name.replace(/^Debian /, '') : found.versionId;
  return expectEqual({ family: system['Family'], name: system['Name'] }, { family: familyOf(found), name: version });
}
