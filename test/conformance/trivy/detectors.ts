// SPDX-License-Identifier: Apache-2.0
// detectors/*.json: a database and packages of one system, or one library, -> vulnerabilities. Compared: package, id, installed and
// fixed version (see isSameFix), and status, severity and other ids where a row states them. A row that expects an error has a broken record
// in its database: the feed must tell so, with a problem that hides findings.
import { join } from 'node:path';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { distributionOf } from '../../../src/formats/purl-package.ts';
import type { VulnerabilityFinding } from '../../../src/model/finding.ts';
import type { Distribution, Package } from '../../../src/model/package.ts';
import { packageOf } from '../../../src/model/package.ts';
import { formatPurl } from '../../../src/model/purl.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, failed, passed } from '../pack.ts';
import { wholeVersion } from './core-values.ts';
import type { Row, RowRunner } from './rows.ts';
import { folderOf, unmapped } from './rows.ts';
import { inTrivysWords, isSameFix, scanPackages } from './scanned.ts';
import type { TrivyDatabase } from './trivy-db.ts';
import { readTrivyDatabase } from './trivy-db.ts';

export const detectorRunners: readonly RowRunner[] = [
  { prefix: 'pkg/detector/library/', run: (row, root) => run(row, root) },
  { prefix: 'pkg/detector/ospkg/', run: (row, root) => run(row, root) },
];

/** Folder of the test, ID of os-release and purl type. */
const systems: Readonly<Record<string, { readonly id: string; readonly type: string }>> = {
  alma: { id: 'almalinux', type: 'rpm' },
  alpine: { id: 'alpine', type: 'apk' },
  amazon: { id: 'amzn', type: 'rpm' },
  azure: { id: 'azurelinux', type: 'rpm' },
  bottlerocket: { id: 'bottlerocket', type: 'rpm' },
  chainguard: { id: 'chainguard', type: 'apk' },
  debian: { id: 'debian', type: 'deb' },
  echo: { id: 'echo', type: 'deb' },
  minimos: { id: 'minimos', type: 'apk' },
  oracle: { id: 'ol', type: 'rpm' },
  photon: { id: 'photon', type: 'rpm' },
  redhat: { id: 'rhel', type: 'rpm' },
  rocky: { id: 'rocky', type: 'rpm' },
  suse: { id: 'sles', type: 'rpm' },
  ubuntu: { id: 'ubuntu', type: 'deb' },
  wolfi: { id: 'wolfi', type: 'apk' },
};

/** Constants by which some tests name the distribution. */
const constants: Readonly<Record<string, string>> = {
  'azurevs.Mariner': 'mariner',
  'azurevs.Azure': 'azurelinux',
  'suse.OpenSUSE': 'opensuse-leap',
  'suse.OpenSUSETumbleweed': 'opensuse-tumbleweed',
  'suse.SUSEEnterpriseLinux': 'sles',
  'suse.SUSEEnterpriseLinuxMicro': 'sl-micro',
};

/** Folder of the tests about a supplier who keeps whole images, and the stream that says so. */
const curators: Readonly<Record<string, string>> = { rapidfort: 'rapidfort' };

/** Bases of what suppliers patch: ID of os-release and purl type. */
const bases: Readonly<Record<string, { readonly id: string; readonly type: string }>> = {
  ...systems,
  centos: { id: 'centos', type: 'rpm' },
  fedora: { id: 'fedora', type: 'rpm' },
};

/** Trivy's names of kinds of libraries, and the purl type. */
const libraries: Readonly<Record<string, string>> = {
  gomod: 'golang',
  gobinary: 'golang',
  'python-pkg': 'pypi',
  pip: 'pypi',
  'node-pkg': 'npm',
  bundler: 'gem',
  gemspec: 'gem',
  jar: 'maven',
  pom: 'maven',
};

async function run(row: Row, root: string): Promise<CaseResult> {
  const name = folderOf(row).split('/').at(-1) ?? '';
  const files = asStrings(row['fixtures']).map((file) => join(root, 'inputs', folderOf(row), file));
  const database = readTrivyDatabase(files);
  if ('wantErr' in row) {
    return database.problems.some((problem) => problem.hidesFindings)
      ? passed
      : failed('a problem that hides findings', database.advisories);
  }
  const wanted = asArray(row['want'] ?? row['wantVulns']).map((item) => asObject(item) ?? {});
  const args = asObject(row['args']) ?? row;
  const system = name === 'library' ? undefined : (systems[name] ?? bases[asString(row['baseOS']) ?? '']);
  if (name !== 'library' && system === undefined) return unmapped(row);
  const items =
    system === undefined
      ? [library(args, asString(row['libType']) ?? '')]
      : asArray(args['pkgs']).map((item) => systemPackage(asObject(item) ?? {}, system.type));
  const curator = curators[name];
  const stated = system === undefined ? undefined : distributionWanted(row, args, system.id);
  const distribution = stated === undefined || curator === undefined ? stated : { ...stated, channels: [curator] };
  const { open } = await scanPackages(items, distribution, database);
  return compare(
    wanted,
    open.map((item) => item.finding),
    database,
  );
}

function library(args: JsonObject, kind: string): Package {
  const type = libraries[kind] ?? kind;
  return packageOf({ name: asString(args['pkgName']) ?? '', version: asString(args['pkgVer']) ?? '', type });
}

function systemPackage(item: JsonObject, type: string): Package {
  const source = asString(item['SrcName']) ?? '';
  const architecture = asString(item['Arch']);
  const epoch = item['Epoch'];
  const name = asString(item['Name']) ?? '';
  const version = wholeVersion(item);
  const purl = formatPurl({ type, namespace: 'table', name, version, qualifiers: { arch: architecture } });
  return packageOf({
    name,
    version,
    type,
    ...(purl === undefined ? {} : { purl }),
    ...(source === ''
      ? {}
      : {
          sources: [
            {
              name: source,
              version: wholeVersion({
                Epoch: item['SrcEpoch'],
                Version: item['SrcVersion'],
                Release: item['SrcRelease'],
              }),
            },
          ],
        }),
    facts: {
      ...(architecture === undefined ? {} : { architecture }),
      // An empty label says that the package belongs to no module; a test without the field says nothing.
      ...(typeof item['Modularitylabel'] === 'string' ? { modularity: item['Modularitylabel'] } : {}),
      ...(typeof epoch === 'number' ? { epoch } : {}),
    },
  });
}

/** A repository newer than the system says which packages are there. */
function distributionWanted(row: Row, args: JsonObject, id: string): Distribution {
  const named = constants[asString(row['distribution']) ?? asString(args['dist']) ?? asString(row['dist']) ?? ''];
  const repository = asString(asObject(args['repo'])?.['Release']);
  return distributionOf(named ?? id, repository ?? asString(args['osVer']) ?? '');
}

function compare(
  wanted: readonly JsonObject[],
  findings: readonly VulnerabilityFinding[],
  database: TrivyDatabase,
): CaseResult {
  const left = wanted.map((one) => ({
    id: one['VulnerabilityID'],
    name: one['PkgName'],
    version: one['InstalledVersion'],
    fixed: true,
    ...('Status' in one ? { status: String(one['Status']).replace(/^dbTypes\.Status/, '') } : {}),
    others: asStrings(one['VendorIDs']).toSorted(),
  }));
  const right = findings.map((finding) => {
    const same = wanted.filter(
      (item) => item['VulnerabilityID'] === finding.id && item['PkgName'] === finding.package.name,
    );
    const hasFix = (item: JsonObject): boolean => isSameFix(finding, asString(item['FixedVersion']) ?? '', database);
    const one = same.find(hasFix) ?? same[0];
    const others = [...finding.aliases, ...finding.matches.map((match) => match.advisory)];
    const words = inTrivysWords(finding);
    return {
      id: finding.id,
      name: finding.package.name,
      version: finding.package.version,
      fixed: one === undefined || hasFix(one),
      ...(one !== undefined && 'Status' in one
        ? { status: words.status.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()) }
        : {}),
      // Of several errata on one vulnerability Trivy keeps one; we name all.
      others: asStrings(one?.['VendorIDs'])
        .filter((id) => others.includes(id))
        .sort(),
    };
  });
  return expectSameSet(left, right);
}
