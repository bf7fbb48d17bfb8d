// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { artifact } from '../../../test/support/signing/attempt.ts';
import { commit, generated, run, verifyBuild } from '../../../test/support/signing/provenance.ts';
import { GraphBuilder } from '../../model/graph.ts';
import { artifactOf } from '../signatures/proof.ts';
import { recordProvenance } from './record.ts';

describe('recordProvenance', () => {
  it('joins commit, run and artifact, and says that this was verified', () => {
    const result = verifyBuild(generated());
    if (result.kind === 'refused') throw new Error(result.failures[0].message);
    const graph = new GraphBuilder();
    const about = artifactOf(artifact);

    const evidence = recordProvenance(
      graph,
      { result, artifact: about, kind: 'file', name: 'app', proofDigest: `sha256:${'0'.repeat(64)}` },
      { producer: { name: 'test', version: '1' }, source: 'app', observedAt: '2026-06-01T00:00:00Z' },
    );

    expect(evidence.trust).toBe('verified');
    const edges = graph.relations.map(({ from, kind, to }) => [from, kind, to]);
    expect(edges).toContainEqual([`commit:${commit}`, 'built-by', `pipeline-run:${run}`]);
    expect(edges).toContainEqual([`pipeline-run:${run}`, 'produced', `file:${about.digests[0]}`]);
    expect(evidence.body.level).toMatchObject({ track: 'build', level: 3 });
  });
});
