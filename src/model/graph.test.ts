// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { evidenceOf } from './evidence.ts';
import { GraphBuilder } from './graph.ts';
import { subjectOf } from './subject.ts';

const coverage = evidenceOf<'coverage'>({
  subject: 'source-tree:x',
  kind: 'coverage',
  body: { filesSeen: 0, filesRead: 0, bytesRead: 0, skipped: [], problems: [] },
  producer: { name: 'test', version: '1' },
  source: 'dir:x',
  observedAt: '2026-01-01T00:00:00Z',
  trust: 'observed',
});

describe('GraphBuilder', () => {
  it('keeps one of what is added twice', () => {
    const graph = new GraphBuilder();

    graph.addEvidence(coverage);
    graph.addEvidence({ ...coverage, observedAt: '2026-01-02T00:00:00Z' });
    graph.addRelation('a', 'contains', 'b', coverage);
    graph.addRelation('a', 'contains', 'b', coverage);

    expect(graph.evidence).toHaveLength(1);
    expect(graph.relations).toHaveLength(1);
  });

  it('runs what is postponed once, when subjects or relations are asked for', () => {
    const graph = new GraphBuilder();
    let runs = 0;

    graph.postpone(() => {
      runs += 1;
      graph.addSubject(subjectOf('file', 'one', 'one'));
      graph.addRelation('a', 'contains', 'file:one', coverage);
    });

    expect(runs).toBe(0);
    expect(graph.relations.map((relation) => relation.to)).toEqual(['file:one']);
    expect([...graph.subjects.keys()]).toEqual(['file:one']);
    expect(runs).toBe(1);
  });

  it('puts what was postponed before what is added later', () => {
    const graph = new GraphBuilder();

    graph.postpone(() => graph.addSubject(subjectOf('file', 'first', '')));
    graph.addSubject(subjectOf('file', 'second', ''));

    expect([...graph.subjects.keys()]).toEqual(['file:first', 'file:second']);
  });
});
