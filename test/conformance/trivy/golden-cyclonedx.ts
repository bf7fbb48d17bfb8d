// SPDX-License-Identifier: Apache-2.0
// Compares the CycloneDX document of a scan with a golden one. Equivalences:
// - components are those with a package URL (qualifiers left out), by type, name, version and licences; what stands for a file or an
//   operating system has no package URL and is shaped as each tool likes;
// - a project that a manifest describes is a library there and an application here; packages that Trivy leaves out by the rules of
//   mapping.ts (provided and optional ones of Maven) are left out unless the golden holds them;
// - edges are those between such components; hashes, properties and texts of advisories are not compared;
// - vulnerabilities by id, affected package URLs and CWEs; how each vendor rates them is not in our document.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { PackageList } from '../../../src/model/package.ts';
import { cyclonedxJson } from '../../../src/report/cyclonedx-json.ts';
import type { ReportView } from '../../../src/report/report.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet } from '../pack.ts';
import { leavesOutOf } from './mapping.ts';
import type { Scanned } from './scanned.ts';

export function compareCycloneDx(golden: JsonObject, view: ReportView, lists: readonly PackageList[]): CaseResult {
  const wanted = factsOf(golden, new Set());
  const held = new Set(asArray(golden['components']).map((item) => plain(asString(asObject(item)?.['purl']) ?? '')));
  const leftOut = new Set([...packagesLeftOut(lists)].filter((purl) => !held.has(purl)));
  return expectSameSet(wanted, factsOf(JSON.parse(write(view)) as JsonObject, leftOut));
}

function packagesLeftOut(lists: readonly PackageList[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const list of lists) {
    const leavesOut = leavesOutOf(list.cataloger);
    for (const item of list.packages)
      if (item.purl !== undefined && leavesOut?.(item) === true) found.add(plain(item.purl));
  }
  return found;
}

export function viewOf({ inspection, result }: Scanned): ReportView {
  return {
    graph: inspection.graph,
    target: inspection.target,
    tool: { name: 'landwaiter', version: '0' },
    createdAt: '2021-08-25T12:20:30Z',
    verdict: result.verdict,
  };
}

function write(view: ReportView): string {
  return cyclonedxJson.write(view, { width: undefined, color: false, showSuppressed: true, threshold: undefined });
}

/** A document in the terms of the comparison. */
function factsOf(document: JsonObject, leftOut: ReadonlySet<string>): readonly unknown[] {
  const components = asArray(document['components'])
    .map((item) => asObject(item) ?? {})
    .filter((item) => !leftOut.has(plain(asString(item['purl']) ?? '')));
  const names = new Map<string, string>();
  for (const item of components) {
    const purl = asString(item['purl']);
    if (purl !== undefined) names.set(asString(item['bom-ref']) ?? purl, plain(purl));
  }
  const facts: unknown[] = components.filter((item) => 'purl' in item).map((item) => componentFact(item));
  for (const entry of asArray(document['dependencies'])) {
    const from = names.get(asString(asObject(entry)?.['ref']) ?? '');
    for (const ref of asArray(asObject(entry)?.['dependsOn'])) {
      const to = names.get(asString(ref) ?? '');
      if (from !== undefined && to !== undefined) facts.push({ from, to });
    }
  }
  for (const entry of asArray(document['vulnerabilities'])) {
    const item = asObject(entry) ?? {};
    for (const affected of asArray(item['affects'])) {
      const ref = asString(asObject(affected)?.['ref']) ?? '';
      facts.push({ vulnerability: item['id'], affects: names.get(ref) ?? plain(ref), cwes: item['cwes'] ?? [] });
    }
  }
  return facts;
}

function componentFact(item: JsonObject): unknown {
  const licenses = asArray(item['licenses']).map((entry) => {
    const choice = asObject(entry) ?? {};
    const license = asObject(choice['license']) ?? {};
    return choice['expression'] ?? license['id'] ?? license['name'];
  });
  const group = asString(item['group']);
  const name = asString(item['name']) ?? '';
  return {
    type: item['type'] === 'application' ? 'library' : item['type'],
    name: group === undefined ? name : `${group}/${name}`,
    version: item['version'],
    purl: plain(asString(item['purl']) ?? ''),
    licenses,
  };
}

function plain(purl: string): string {
  return purl.replace(/\?.*$/, '');
}
