// SPDX-License-Identifier: Apache-2.0
// Turns package lists into evidence, subjects and relations: target contains file, file declares package, package depends on package.

import type { Evidence, Producer } from '../../model/evidence.ts';
import { evidenceOf } from '../../model/evidence.ts';
import type { GraphBuilder } from '../../model/graph.ts';
import type { Package, PackageList } from '../../model/package.ts';
import type { Subject } from '../../model/subject.ts';
import { subjectOf } from '../../model/subject.ts';
import type { GoSymbolScope } from '../package-facts/go-symbol-scope.ts';
import { withSelectedSymbols } from '../package-facts/go-symbol-scope.ts';

export interface RecordOptions {
  /** What was looked at. */
  readonly target: Subject;
  /** As typed, e.g. `dir:.`. */
  readonly source: string;
  readonly producer: Producer;
  /** RFC 3339. */
  readonly observedAt: string;
  /** `observed` for files we parsed ourselves, `asserted` for what an SBOM claims. */
  readonly trust: 'observed' | 'asserted';
  /** Of which modules of Go programs the functions are recorded; absent: of none. */
  readonly goSymbols?: GoSymbolScope | undefined;
}

/** The subject of a package: its purl where it has one, so that the same package in two files is one subject. */
export function packageSubject(item: Package): Subject {
  const key = item.purl ?? `${item.type}/${item.name}@${item.version}`;
  return subjectOf('package', key, item.version === '' ? item.name : `${item.name} ${item.version}`, item.digests);
}

/** Adds one evidence per list to the graph, and returns them in the order of the lists. */
export function recordPackages(
  graph: GraphBuilder,
  lists: readonly PackageList[],
  options: RecordOptions,
): Evidence<'packages'>[] {
  graph.addSubject(options.target);
  const recorded = lists.map((list): Recorded => {
    const file = subjectOf('file', `${options.target.id}#${list.path}`, list.path);
    return { list, file, evidence: recordList(graph, list, file, options) };
  });
  graph.postpone(() => relate(graph, recorded, options.target));
  return recorded.map(({ evidence }) => evidence);
}

interface Recorded {
  readonly list: PackageList;
  readonly file: Subject;
  readonly evidence: Evidence<'packages'>;
}

function recordList(
  graph: GraphBuilder,
  list: PackageList,
  file: Subject,
  { producer, source, observedAt, trust, goSymbols = noSymbols }: RecordOptions,
): Evidence<'packages'> {
  const subject = file.id;
  const body = withSelectedSymbols(list, goSymbols);
  return graph.addEvidence(
    evidenceOf<'packages'>({ subject, kind: 'packages', body, producer, source, observedAt, trust }),
  );
}

/** Names of functions serve the matching of this run; a statement with all of them would be megabytes for each Go binary. */
const noSymbols: GoSymbolScope = { reach: 'none', modules: [] };

function relate(graph: GraphBuilder, recorded: readonly Recorded[], target: Subject): void {
  for (const { list, file, evidence } of recorded) {
    graph.addSubject(file);
    graph.addRelation(target.id, 'contains', file.id, evidence);
    for (const item of list.packages) {
      const subject = graph.addSubject(packageSubject(item));
      graph.addRelation(file.id, 'declares', subject.id, evidence);
    }
  }
  const subjects = subjectsById(recorded.map(({ list }) => list));
  for (const { list, evidence } of recorded) {
    for (const item of list.packages) {
      const from = packageSubject(item).id;
      for (const id of item.dependsOn) {
        const to = subjects.get(key(list, id)) ?? subjects.get(id);
        if (to !== undefined && to !== from) graph.addRelation(from, 'depends-on', to, evidence);
      }
    }
  }
}

/** Subject ids by list and package id; and by package id alone, for SBOMs whose dependencies cross lists. */
function subjectsById(lists: readonly PackageList[]): Map<string, string> {
  const subjects = new Map<string, string>();
  for (const list of lists) {
    for (const item of list.packages) {
      const subject = packageSubject(item).id;
      subjects.set(key(list, item.id), subject);
      if (!subjects.has(item.id)) subjects.set(item.id, subject);
    }
  }
  return subjects;
}

function key(list: PackageList, id: string): string {
  return `${list.cataloger}\n${list.path}\n${id}`;
}
