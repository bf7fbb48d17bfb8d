// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { requestFor } from '../../admission-policy/request.ts';
import type { DataProvider } from '../../data-provider.ts';
import { noData } from '../../data-provider.ts';
import type { CompiledEngine, EngineOutcome } from '../../engine.ts';
import type { SignatureDemand } from '../../image-policy/demand.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import { kyvernoPolicyEngine } from '../policy-engine.ts';

const digests = [1, 2].map((digit) => `sha256:${String(digit).repeat(64)}`);
const location = { path: 'p.yaml', line: 1, column: 1 };

function compile(verifyImages: unknown, rule: JsonObject = {}): CompiledEngine {
  const object: JsonObject = {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'p' },
    spec: {
      validationFailureAction: 'Enforce',
      rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, verifyImages, ...rule }],
    },
  };
  return kyvernoPolicyEngine.compile([{ object, locate: () => location, locateValue: () => location }], {
    unbound: 'apply',
  });
}

const pod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
};

function judge(engine: CompiledEngine, answer: (demand: SignatureDemand) => AuthorityAnswer): EngineOutcome {
  const provider: DataProvider = { ...noData, imageSignature: (demand) => ({ kind: 'found', value: answer(demand) }) };
  const cluster = { objects: () => [], namespace: () => undefined };
  return engine.judge(requestFor(pod), { cluster, provider });
}

const keyless = (subject: string): JsonObject => ({ keyless: { subject, issuer: 'https://issuer.example' } });

describe('verifyImages', () => {
  it('asks for the image as it is written, and pins the whole name', () => {
    const asked: string[] = [];
    const engine = compile([{ imageReferences: ['docker.io/nginx:*'], attestors: [{ entries: [keyless('a')] }] }]);

    const outcome = judge(engine, ({ image }) => {
      asked.push(image);
      return { outcome: 'pass', message: 'fine', digest: digests[0] ?? '' };
    });

    expect(asked[0]).toBe('nginx');
    expect(outcome.patch).toEqual([
      { op: 'replace', path: '/spec/containers/0/image', value: `docker.io/nginx:latest@${digests[0] ?? ''}` },
    ]);
  });

  it('pins nothing where two answers are about two images', () => {
    const engine = compile([{ imageReferences: ['*'], attestors: [{ entries: [keyless('a'), keyless('b')] }] }]);
    let turn = 0;

    const outcome = judge(engine, () => {
      turn += 1;
      return { outcome: 'pass', message: 'fine', digest: digests[turn % 2] ?? '' };
    });

    expect(outcome.patch).toEqual([]);
    expect(outcome.decisions).toMatchObject([{ outcome: 'error', effect: 'deny' }]);
  });

  it('knows nothing where those who could not be asked might have been enough', () => {
    const verdictOf = (count: number, bad: AuthorityAnswer['outcome']): unknown => {
      const entries = [keyless('a'), keyless('b'), keyless('c')];
      const engine = compile([{ imageReferences: ['*'], attestors: [{ count, entries }] }]);
      const outcome = judge(engine, ({ signer }) => {
        const subject = signer.kind === 'keyless' ? signer.identities[0]?.subject[0]?.text : '';
        if (subject?.endsWith('a') === true) return { outcome: 'pass', message: '', digest: digests[0] ?? '' };
        return { outcome: subject?.endsWith('b') === true ? 'error' : bad, message: 'no' };
      });
      return outcome.decisions[0]?.outcome;
    };

    expect(verdictOf(1, 'fail')).toBe('pass');
    expect(verdictOf(2, 'fail')).toBe('error');
    expect(verdictOf(3, 'fail')).toBe('fail');
    expect(verdictOf(3, 'pending')).toBe('error');
  });

  it('asks for globs and expressions that must both hold', () => {
    const entry = { keyless: { subject: 'a.b?c*', subjectRegExp: '^a', issuer: 'i' } };
    const engine = compile([{ imageReferences: ['*'], attestors: [{ entries: [entry] }] }]);
    const subjects: unknown[] = [];

    judge(engine, ({ signer }) => {
      if (signer.kind === 'keyless') subjects.push(signer.identities[0]?.subject.map(({ text }) => text));
      return { outcome: 'fail', message: '' };
    });

    expect(subjects[0]).toEqual([String.raw`(?s)a\.b.c.*`, '(?s:.*)(?:^a)(?s:.*)']);
  });

  it('is read and judged without a throw, whatever stands in it', () => {
    const keys = [
      'key',
      'image',
      'attestors',
      'attestations',
      'entries',
      'keys',
      'publicKeys',
      'type',
      'count',
      'keyless',
    ];
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom('*', 'Cosign', '-----BEGIN PUBLIC KEY-----', '{{ a }}', 'k8s://a/b'),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 4 }),
      ),
    })).node;

    fc.assert(
      fc.property(fc.array(value, { maxLength: 2 }), value, (entries, extractors) => {
        const engine = compile(entries, { imageExtractors: extractors });
        judge(engine, () => ({ outcome: 'pass', message: '' }));
      }),
      { numRuns: 200 },
    );
  });
});
