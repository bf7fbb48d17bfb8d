// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0 documents that vendors of distributions publish, advisories and VEX (Red Hat, SUSE): which build of which product repairs a CVE,
// which products stay without a repair, and why. What they call not affected is left to VEX (`--vex`).
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { AffectedPackage } from '../../model/advisory.ts';
import type { CsafComponent } from '../csaf-products.ts';
import { componentsOf } from '../csaf-products.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  cwesOf,
  dateTimeOf,
  isIdentifier,
  otherIds,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';

export const csaf = defineFeed({
  id: 'csaf',
  title: 'CSAF 2.0 advisories and VEX of distributions (Red Hat, SUSE), JSON',
  recognises: ({ value }) => {
    const record = asObject(value);
    return (
      asString(asObject(record?.['document'])?.['csaf_version']) !== undefined &&
      Array.isArray(record?.['vulnerabilities'])
    );
  },
  read: readDocument,
});

interface Place {
  readonly path: string;
  readonly source: string;
  readonly output: FeedOutput;
  readonly components: ReadonlyMap<string, CsafComponent>;
  readonly published: string | undefined;
  readonly modified: string | undefined;
}

function readDocument({ path, value }: FeedRecord, output: FeedOutput): void {
  const record = asObject(value);
  const meta = asObject(record?.['document']);
  if (record === undefined || meta === undefined) {
    output.malformed(path, 'not a CSAF document');
    return;
  }
  const tracking = asObject(meta['tracking']);
  const place = {
    path,
    output,
    source: sourceOf(asString(asObject(meta['publisher'])?.['namespace']) ?? ''),
    components: componentsOf(asObject(record['product_tree'])),
    published: dateTimeOf(tracking?.['initial_release_date']),
    modified: dateTimeOf(tracking?.['current_release_date']),
  };
  for (const item of asArray(record['vulnerabilities'])) readVulnerability(asObject(item) ?? {}, place);
}

/** Publishers by the host they write in. */
function sourceOf(namespace: string): string {
  const host = /^https?:\/\/(?:www\.)?([^/:]{1,253})/.exec(namespace)?.[1] ?? '';
  if (/(?:^|\.)redhat\.com$/.test(host)) return 'redhat';
  return /(?:^|\.)suse\.com$/.test(host) ? 'suse' : host === '' ? 'local' : host;
}

function readVulnerability(item: JsonObject, place: Place): void {
  const { path, output, source, published, modified } = place;
  const ids = [item['cve'], ...asArray(item['ids']).map((entry) => asObject(entry)?.['text'])].filter(
    (id): id is string => typeof id === 'string' && isIdentifier(id),
  );
  const [id] = ids;
  if (id === undefined) {
    output.malformed(path, 'a vulnerability without an id');
    return;
  }
  const status = asObject(item['product_status']);
  const affected = [
    ...[...asStrings(status?.['fixed']), ...asStrings(status?.['recommended'])].map((product) =>
      fixedIn(product, place),
    ),
    ...asStrings(status?.['known_affected']).map((product) => openIn(product, item, place)),
  ].filter((one) => one !== undefined);
  output.skip('not affected', asStrings(status?.['known_not_affected']).length);
  if (affected.length === 0) return;
  output.combine({
    id,
    aliases: otherIds(
      id,
      ids.filter((other) => /^(?:CVE|GHSA)-/.test(other)),
    ),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: severitiesOf([
      severityOfWord(aggregateOf(item), source),
      ...asArray(item['scores']).flatMap((score) =>
        ['cvss_v4', 'cvss_v3', 'cvss_v2'].map((version) =>
          severityOfVector(asObject(asObject(score)?.[version])?.['vectorString'], source),
        ),
      ),
    ]),
    cwes: cwesOf([asObject(item['cwe'])?.['id']]),
    affected: onceEach(affected),
  });
}

/** The impact that the vendor states, of several the first. */
function aggregateOf(item: JsonObject): string | undefined {
  const threats = asArray(item['threats']).map(asObject);
  return asString(threats.find((threat) => threat?.['category'] === 'impact')?.['details']);
}

function fixedIn(product: string, { components, output }: Place): AffectedPackage | undefined {
  const component = components.get(product);
  if (component === undefined || component.version === '') {
    output.skip(component === undefined ? 'unknown release' : 'no versions');
    return undefined;
  }
  return affectedPackage({ ...component.facts, ranges: [{ fixed: component.version }] });
}

function openIn(product: string, item: JsonObject, { components, output }: Place): AffectedPackage | undefined {
  const component = components.get(product);
  if (component === undefined) {
    output.skip('unknown release');
    return undefined;
  }
  return affectedPackage({ ...component.facts, ranges: [{}], fixState: stateOf(product, item) });
}

/** Remediations without a fix say what the vendor plans (CSAF 2.0 section 3.2.3.12). */
function stateOf(product: string, item: JsonObject): AffectedPackage['fixState'] {
  const plans = asArray(item['remediations'])
    .map((entry) => asObject(entry) ?? {})
    .filter((entry) => asStrings(entry['product_ids']).includes(product));
  const words = plans.map((entry) => asString(entry['details'])?.trim().toLowerCase() ?? '');
  if (words.some((word) => word.startsWith('fix deferred'))) return 'fix-deferred';
  if (words.some((word) => word.startsWith('out of support'))) return 'end-of-life';
  return plans.some((entry) => entry['category'] === 'no_fix_planned') || words.some((word) => word === 'will not fix')
    ? 'will-not-fix'
    : 'not-fixed';
}

/** Builds for several architectures are one statement. */
function onceEach(affected: readonly AffectedPackage[]): readonly AffectedPackage[] {
  const seen = new Map<string, AffectedPackage>();
  for (const one of affected) {
    const { architectures = [], ...rest } = one;
    const key = JSON.stringify(rest);
    const known = seen.get(key);
    const all =
      known === undefined ? architectures : [...new Set([...(known.architectures ?? []), ...architectures])].sort();
    const isAny = architectures.length === 0 || known?.architectures?.length === 0;
    seen.set(key, isAny || all.length === 0 ? rest : { ...rest, architectures: all });
  }
  return [...seen.values()];
}
