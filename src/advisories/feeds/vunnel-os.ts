// SPDX-License-Identifier: Apache-2.0
// Records of distributions in the form that the vunnel collectors write: one vulnerability or erratum of one release, with the packages
// it concerns and the versions that fix them.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import { intervalsOfConstraint } from '../affected-range.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  aliasesOrFixes,
  dateTimeOf,
  isIdentifier,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';
import { orderOfEcosystem } from '../versions/index.ts';
import { ecosystemOfNamespace, sourceOfNamespace } from '../vunnel-namespaces.ts';

export const vunnelOs = defineFeed({
  id: 'vunnel-os',
  title: 'Advisories of distributions as vunnel writes them, JSON',
  recognises: ({ value }) => Array.isArray(vulnerabilityOf(value)?.['FixedIn']),
  read: readRecord,
});

/** The record itself, in its envelope (`item`) or not. */
function vulnerabilityOf(value: unknown): JsonObject | undefined {
  const record = asObject(value);
  const inner = asObject(record?.['item']) ?? record;
  const found = asObject(inner?.['Vulnerability']);
  return found === undefined || Object.keys(found).length === 0 ? undefined : found;
}

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = vulnerabilityOf(value);
  const id = asString(record?.['Name']);
  const namespace = asString(record?.['NamespaceName']) ?? '';
  if (record === undefined || id === undefined || !isIdentifier(id)) {
    output.malformed(path, 'not a record of a distribution: it has no Name');
    return;
  }
  const source = sourceOfNamespace(namespace);
  const affected = asArray(record['FixedIn'])
    .map((item) => readFix(asObject(item) ?? {}, namespace, { path, output }))
    .filter((item) => item !== undefined)
    .map((item) => withFloor(item, kernelLine(id)));
  if (affected.length === 0) return;
  const metadata = asObject(record['Metadata']);
  const published = dateTimeOf(metadata?.['Issued']);
  const modified = dateTimeOf(metadata?.['Updated']);
  output.combine({
    id,
    ...aliasesOrFixes(
      id,
      asArray(metadata?.['CVE']).map((cve) => asObject(cve)?.['Name']),
    ),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: severitiesOf([
      severityOfWord(record['Severity'], source),
      ...asArray(record['CVSS']).map((cvss) => severityOfVector(asObject(cvss)?.['vector_string'], source)),
    ]),
    cwes: [],
    affected,
  });
}

function readFix(
  fix: JsonObject,
  inherited: string,
  { path, output }: { readonly path: string; readonly output: FeedOutput },
): AffectedPackage | undefined {
  const ecosystem = ecosystemOfNamespace(asString(fix['NamespaceName']) ?? inherited);
  const name = asString(fix['Name']) ?? '';
  if (ecosystem === undefined || name === '') {
    output.skip(ecosystem === undefined ? 'unknown release' : 'no package');
    return undefined;
  }
  const version = fixedVersion(fix['Version']);
  const stated = asString(fix['VulnerableRange'])?.trim() ?? '';
  const ranges = stated === '' ? undefined : intervalsOfConstraint(stated, orderOfEcosystem(ecosystem));
  if (stated !== '' && ranges === undefined) output.malformed(path, `not a range of versions: ${stated.slice(0, 100)}`);
  const module = asString(fix['Module']) ?? '';
  const architecture = asString(fix['Arch']) ?? '';
  return affectedPackage({
    ecosystem,
    name,
    ranges: ranges ?? [version === undefined ? {} : { fixed: version }],
    fixState: version === undefined ? openState(fix) : 'fixed',
    ...(module === '' ? {} : { modularity: module }),
    ...(architecture === '' ? {} : { architectures: [architecture] }),
  });
}

/** Amazon has an erratum per line of the kernel (`ALASKERNEL-5.10-2022-005`): it does not speak of the lines before. */
function kernelLine(id: string): string | undefined {
  return /^ALAS2?KERNEL-(\d{1,2}\.\d{1,3})-/.exec(id)?.[1];
}

function withFloor(affected: AffectedPackage, floor: string | undefined): AffectedPackage {
  if (floor === undefined) return affected;
  return { ...affected, ranges: affected.ranges.map((range) => ({ introduced: floor, ...range })) };
}

/** Nothing, `None` and `0` say that there is no fix. */
export function fixedVersion(value: unknown): string | undefined {
  const version = asString(value)?.trim() ?? '';
  return version === '' || version === '0' || version.toLowerCase() === 'none' ? undefined : version;
}

/** A vendor that will not publish an erratum will not fix. */
function openState(fix: JsonObject): AffectedPackage['fixState'] {
  return asObject(fix['VendorAdvisory'])?.['NoAdvisory'] === true ? 'will-not-fix' : 'not-fixed';
}
