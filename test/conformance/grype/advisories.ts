// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities and packages as Grype's rows write them, in our terms. A mock database that a row does not hold is put together from
// everything its sister rows expect to be found, so that each row also shows what must not match.
import { intervalsOfConstraint } from '../../../src/advisories/affected-range.ts';
import { normaliseName } from '../../../src/advisories/names.ts';
import type { VersionOrder } from '../../../src/advisories/versions/order.ts';
import { ecosystemOfNamespace } from '../../../src/advisories/vunnel-namespaces.ts';
import type { Advisory, AffectedPackage } from '../../../src/model/advisory.ts';
import { type Package, type PackageFacts, packageOf } from '../../../src/model/package.ts';
import { callOf, constant, fields, list, plain, text, texts } from './rows.ts';
import { fixStateOf, orderOfFormat, purlTypeOf } from './vocabulary.ts';

const languages: Readonly<Record<string, string>> = {
  dotnet: 'NuGet',
  go: 'Go',
  java: 'Maven',
  javascript: 'npm',
  php: 'Packagist',
  python: 'PyPI',
  ruby: 'RubyGems',
  rust: 'crates.io',
};

/** `debian:distro:debian:8`, `github:language:ruby`, `nvd:cpe` as an OSV ecosystem; empty for none that is known. */
export function ecosystemOfGrypeNamespace(namespace: string): string {
  const [, kind = '', name = '', release = ''] = namespace.split(':');
  if (kind === 'cpe') return 'CPE';
  if (kind === 'language') return languages[name] ?? '';
  return ecosystemOfNamespace(`${name}:${release}`) ?? '';
}

export interface Constraint {
  readonly text: string;
  readonly order: VersionOrder;
}

/** `version.MustGetConstraint("< 1.5.0", version.DebFormat)` or `< 1.5.0 (deb)`; undefined for nil. */
export function constraintOf(value: unknown): Constraint | undefined {
  const call = callOf(value);
  if (call?.name === 'MustGetConstraint') return { text: text(call.args[0]), order: orderOfFormat(call.args[1]) };
  const [, words, format] = /^(.*?)\s*\(([^)]*)\)$/.exec(text(value)) ?? [];
  return words === undefined ? undefined : { text: words, order: orderOfFormat(format) };
}

export interface VulnerabilityParts {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly ecosystem: string;
  readonly name: string;
  readonly constraint: Constraint | undefined;
  readonly cpes?: readonly string[];
  readonly fixState?: string;
}

/** One advisory on one package. */
export function advisoryOf(parts: VulnerabilityParts): Advisory {
  const ranges =
    parts.constraint === undefined ? [{}] : intervalsOfConstraint(parts.constraint.text, parts.constraint.order);
  if (ranges === undefined) throw new Error(`not a constraint: ${parts.constraint?.text}`);
  const hasFix = ranges.some((range) => range.fixed !== undefined);
  const affected: AffectedPackage = {
    ecosystem: parts.ecosystem,
    name: normaliseName(parts.ecosystem, parts.name),
    order: parts.constraint?.order.id ?? 'fuzzy',
    ranges,
    versions: [],
    fixState: (parts.fixState ?? (hasFix ? 'fixed' : 'unknown')) as AffectedPackage['fixState'],
    ...(parts.cpes === undefined || parts.cpes.length === 0 ? {} : { cpes: parts.cpes }),
  };
  return {
    id: parts.id,
    aliases: parts.aliases ?? [],
    source: parts.ecosystem === 'CPE' ? 'nvd' : 'ghsa',
    severities: [],
    cwes: [],
    affected: [affected],
  };
}

/** A `vulnerability.Vulnerability` of Go. */
export function advisoryOfVulnerability(value: unknown, otherwise: Partial<VulnerabilityParts> = {}): Advisory {
  const given = fields(plain(value));
  const reference = fields(given['Reference']);
  const fix = fields(given['Fix']);
  return advisoryOf({
    id: text(reference['ID']),
    aliases: list(given['RelatedVulnerabilities']).map((item) => text(fields(item)['ID'])),
    ecosystem: ecosystemOfGrypeNamespace(text(reference['Namespace'])),
    name: text(given['PackageName']),
    constraint: constraintOf(fields(value)['Constraint']),
    cpes: texts(given['CPEs']),
    ...(fix['State'] === undefined ? {} : { fixState: fixStateOf(fix['State']) }),
    ...otherwise,
  });
}

/** A `pkg.Package` of Go. */
export function packageOfGrype(value: unknown): Package {
  const given = fields(plain(value));
  const metadata = fields(given['Metadata']);
  const type = purlTypeOf(given['Type']);
  const group = text(metadata['PomGroupID']);
  const name = type === 'maven' && group !== '' ? `${group}:${text(metadata['PomArtifactID'])}` : text(given['Name']);
  const version = text(given['Version']);
  const symbols = metadata['Symbols'];
  const facts: PackageFacts = {
    ...(typeof metadata['Arch'] === 'string' ? { architecture: metadata['Arch'] } : {}),
    ...(typeof metadata['ModularityLabel'] === 'string' ? { modularity: metadata['ModularityLabel'] } : {}),
    ...(typeof metadata['Epoch'] === 'number' ? { epoch: metadata['Epoch'] } : {}),
    ...(symbols === undefined ? {} : { goSymbols: symbols as Record<string, readonly string[]> }),
  };
  return packageOf({
    id: idOfPackage(value),
    name,
    version,
    type,
    ...(text(given['PURL']) === '' ? {} : { purl: text(given['PURL']) }),
    locations: texts(given['Locations']).map((path) => ({ path: path.replace(/^\//, '') })),
    sources: list(given['Upstreams']).map((one) => ({
      name: text(fields(one)['Name']),
      version: text(fields(one)['Version']),
    })),
    cpes: texts(given['CPEs']).filter((cpe) => cpe !== ''),
    facts,
  });
}

/** Ids of packages are plain texts, or calls such as `pkg.ID("a")`; random ones are all alike, so the name is added. */
export function idOfPackage(value: unknown): string {
  const given = fields(value);
  const id = callOf(given['ID']);
  const word = id === undefined ? text(given['ID']) : text(id.args[0]);
  return word === '' ? `${text(given['Name'])}@${text(given['Version'])}` : word;
}

/** Word for a type of match. */
export function viaOf(type: unknown): 'source' | 'cpe' | undefined {
  const word = constant(type);
  if (word === 'cpe-match' || word === 'CPEMatch') return 'cpe';
  return word === 'exact-indirect-match' || word === 'ExactIndirectMatch' ? 'source' : undefined;
}
