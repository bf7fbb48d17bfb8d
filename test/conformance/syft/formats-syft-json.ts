// SPDX-License-Identifier: Apache-2.0
// Rows that ask for Syft's type and language of a package URL: a package of that URL, in the report that is written in Syft's own format.
import { recordPackages } from '../../../src/evidence/packages/record.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { packageOfPurl } from '../../../src/formats/purl-package.ts';
import { GraphBuilder } from '../../../src/model/graph.ts';
import { packageOf } from '../../../src/model/package.ts';
import { subjectOf } from '../../../src/model/subject.ts';
import { syftJson } from '../../../src/report/syft-json.ts';
import { plainOptions } from '../../support/report-view.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row } from './fixture.ts';

const tool = { name: 'landwaiter', version: '0' };
const time = '2026-01-01T00:00:00Z';

/** The first artifact of the document. */
function artifactOf(purl: string): Readonly<Record<string, unknown>> | undefined {
  const found = packageOfPurl(purl);
  if (found === undefined) return undefined;
  const item = packageOf({ name: found.name, version: found.version, type: found.type, purl });
  const target = subjectOf('source-tree', 'target', 'target');
  const graph = new GraphBuilder();
  const list = { cataloger: 'x', path: 'x', ecosystem: found.type, kind: 'declared', packages: [item] } as const;
  recordPackages(graph, [list], { target, source: 'dir:.', producer: tool, observedAt: time, trust: 'observed' });
  const place = { target: 'dir:.', kind: 'directory', name: 'target', version: '', subject: target.id } as const;
  const text = syftJson.write({ graph, target: place, tool, createdAt: time }, plainOptions);
  return asObject(asArray(asObject(JSON.parse(text))?.['artifacts'])[0]);
}

export function checkType(row: Row): CaseResult {
  return expectEqual(row['expected'], artifactOf(asString(row['purl']) ?? '')?.['type']);
}

export function checkLanguage(row: Row): CaseResult {
  return expectEqual(row['want'] ?? '', artifactOf(asString(row['purl']) ?? '')?.['language']);
}
