// SPDX-License-Identifier: Apache-2.0
// OpenVEX documents as advisories: what a publisher says of exact versions of packages. "Not affected" clears a version of what other
// advisories say, which is more than a VEX document does for one scan.
import { asArray, asObject } from '../../formats/document.ts';
import { readOpenVex } from '../../formats/openvex.ts';
import { packageOfPurl } from '../../formats/purl-package.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import type { VexStatement } from '../../model/vex.ts';
import { releasesOf } from '../distributions.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import { affectedPackage, dateTimeOf, ecosystemKey, isIdentifier, otherIds } from '../feed-facts.ts';

export const openvex = defineFeed({
  id: 'openvex',
  title: 'OpenVEX documents, JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return typeof record?.['@context'] === 'string' && record['@context'].includes('openvex');
  },
  read: readRecord,
});

function readRecord({ path, value }: FeedRecord, output: FeedOutput): void {
  if (asArray(asObject(value)?.['statements']).length === 0) {
    output.malformed(path, 'not an OpenVEX document: it has no statements');
    return;
  }
  const document = readOpenVex(JSON.stringify(value), path);
  document.problems.forEach((problem) => output.problem(problem));
  for (const statement of document.statements) readStatement(statement, { path, output });
}

function readStatement(
  statement: VexStatement,
  { path, output }: { readonly path: string; readonly output: FeedOutput },
): void {
  const [id = '', ...others] = statement.vulnerabilities;
  if (!isIdentifier(id)) {
    output.skip('no identifier');
    return;
  }
  const affected: AffectedPackage[] = [];
  for (const product of statement.products) {
    const item = affectedOf(product.id, statement.status);
    if (item === undefined) output.malformed(path, `not a package URL with a version: ${product.id.slice(0, 100)}`);
    else affected.push(item);
  }
  if (affected.length === 0) return;
  const modified = dateTimeOf(statement.timestamp);
  output.combine({
    id,
    aliases: otherIds(id, others),
    source: 'local',
    ...(modified === undefined ? {} : { modified }),
    severities: [],
    cwes: [],
    affected,
  });
}

/** What a status says of the one version that a product names. A version that contains the fix is not affected either. */
function affectedOf(product: string, status: VexStatement['status']): AffectedPackage | undefined {
  const found = packageOfPurl(product);
  if (found === undefined || found.version === '') return undefined;
  const releases = found.distribution === undefined ? [] : releasesOf(found.distribution);
  const isFree = status === 'not_affected' || status === 'fixed';
  return affectedPackage({
    ecosystem: releases[0] ?? ecosystemKey(found.type),
    name: found.name,
    ranges: [],
    versions: [found.version],
    fixState: isFree ? 'not-affected' : 'unknown',
  });
}
