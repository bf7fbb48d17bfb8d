// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import type { AuthorityAnswer } from './evaluate.ts';
import { applyImagePolicies } from './evaluate.ts';
import { matchesImage } from './image-glob.ts';
import { parseImagePolicy } from './parse.ts';

const head = 'apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: p}\nspec:\n';

function read(spec: string): ReturnType<typeof parseImagePolicy> {
  const [document] = parseKubernetesYaml(head + spec, 'policy.yaml');
  return document === undefined ? undefined : parseImagePolicy(document);
}

function outcomeOf(spec: string, answer: AuthorityAnswer['outcome']): string | undefined {
  const policy = read(spec)?.policy;
  const answers = (): AuthorityAnswer => ({ outcome: answer, message: 'said' });
  const questions = { ask: answers, surroundings: () => ({}) };
  const decisions = applyImagePolicies(policy === undefined ? [] : [policy], 'ghcr.io/org/app:1', questions);
  return decisions[0]?.outcome;
}

const keyless =
  "  images: [{glob: 'ghcr.io/org/*'}]\n  authorities: [{keyless: {identities: [{issuer: i, subject: s}]}}]\n";

describe('image policies', () => {
  it('name the line of an unknown field', () => {
    const problems = read(`${keyless}  modus: warn\n`)?.problems;

    expect(problems).toMatchObject([{ message: 'spec.modus: unknown field', location: { line: 7 } }]);
  });

  it('with a selector that no API server takes were about nothing', () => {
    const match = '  match: [{resource: pods, selector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}]\n';

    expect(read(`${keyless}${match}`)?.policy).toBeUndefined();
    expect(read(`${keyless}${match.replace('in,', 'In,')}`)?.policy).toBeDefined();
  });

  it('refuse keyless authorities that anybody could satisfy', () => {
    expect(
      read("  images: [{glob: '**'}]\n  authorities: [{keyless: {url: 'https://ca.example'}}]\n")?.policy,
    ).toBeUndefined();
  });

  it('pass with one authority, warn only when asked to, and never pass what could not be looked at', () => {
    const warn = `${keyless}  mode: warn\n`;

    const outcomes = [
      outcomeOf(keyless, 'pass'),
      outcomeOf(keyless, 'fail'),
      outcomeOf(warn, 'fail'),
      outcomeOf(warn, 'error'),
    ];

    expect(outcomes).toEqual(['pass', 'fail', 'warn', 'error']);
  });

  it('give errors for languages that are not judged here, even beside an authority that passes', () => {
    const spec =
      "  images: [{glob: '**'}]\n  authorities: [{static: {action: pass}}]\n  policy: {type: rego, data: 'x'}\n";

    expect(outcomeOf(spec, 'pass')).toBe('error');
  });

  it.each([
    ['image*', 'index.docker.io/library/image:1', true],
    ['org/*', 'index.docker.io/org/app', true],
    ['ghcr.io/org/*', 'ghcr.io/org/app/inner', false],
    ['ghcr.io/org/**', 'ghcr.io/org/app/inner', true],
    ['ghcr.io/org/app', 'ghcr.io/org/app-evil', false],
    ['**demo**', 'registry.example/a/demo:1', true],
  ])('match %s against %s: %s', (glob, image, expected) => {
    expect(matchesImage(glob, image)).toBe(expected);
  });

  it('never make the reader throw', () => {
    fc.assert(
      fc.property(fc.nat(keyless.length), fc.string({ maxLength: 6 }), (at, text) => {
        read(keyless.slice(0, at) + text + keyless.slice(at));
      }),
      { numRuns: 100 },
    );
  });
});
