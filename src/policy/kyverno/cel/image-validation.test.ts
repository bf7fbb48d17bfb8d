// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../formats/document.ts';
import { requestFor } from '../../admission-policy/request.ts';
import type { DataProvider, Lookup } from '../../data-provider.ts';
import { noData } from '../../data-provider.ts';
import type { SignatureDemand } from '../../image-policy/demand.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import type { RuleOutcome } from '../rule.ts';
import { pinImages } from './image-pinning.ts';
import { concludeImages, VerifiedImages } from './image-round.ts';
import { compileImageValidatingPolicy } from './image-validating-policy.ts';
import { judgeImages } from './image-validation.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const pinned = `registry.example/app:1@${digest}`;
const someone = { cosign: { keyless: { identities: [{ subject: 's', issuer: 'i' }] } } };

function policyOf(spec: JsonObject) {
  const object = {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ImageValidatingPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['pods'] }],
      },
      attestors: [
        { name: 'a', ...someone },
        { name: 'b', cosign: { keyless: { identities: [{ subject: 't', issuer: 'i' }] } } },
      ],
      ...spec,
    },
  };
  return compileImageValidatingPolicy({ object, locateValue: () => ({ path: 'policy.yaml' }) });
}

type Answer = Lookup<AuthorityAnswer>;
const passed: Answer = { kind: 'found', value: { outcome: 'pass', message: 'signed', digest } };
const failed: Answer = { kind: 'found', value: { outcome: 'fail', message: 'not signed', digest } };
const unknown: Answer = { kind: 'found', value: { outcome: 'error', message: 'registry is down' } };

/** `b`: the answer for the second attestor, that of the first when absent. */
function judged(expression: string, a: Answer, b: Answer = a, images: readonly string[] = [pinned]): RuleOutcome {
  const { policy, problems } = policyOf({ validations: [{ expression, message: 'm' }] });
  if (policy === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  const imageSignature = ({ signer }: SignatureDemand): Answer =>
    signer.kind === 'keyless' && signer.identities[0]?.subject[0]?.text === 's' ? a : b;
  const data: DataProvider = { ...noData, imageSignature };
  const containers = images.map((image, index) => ({ name: `c${index}`, image }));
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'w', namespace: 'n' }, spec: { containers } };
  const evaluation = {
    request: requestFor(object, 'CREATE'),
    namespace: undefined,
    namespaceLabels: {},
    data,
    exceptions: [],
  };
  const verified = new VerifiedImages();
  const judgement = judgeImages(policy, evaluation, verified);
  if (judgement === undefined) throw new Error('the policy is not about it');
  return concludeImages(policy, judgement, verified);
}

const count = 'verifyImageSignatures(i, [attestors.a])';
const both = 'verifyImageSignatures(i, [attestors.a, attestors.b])';
const ofAll = (test: string): string => `images.containers.all(i, ${test})`;

describe('an answer that nobody has', () => {
  const open: readonly (readonly [string, Answer])[] = [
    ['an error', unknown],
    ['a look-up that failed', { kind: 'failed', message: 'no route' }],
    ['nobody who could look', { kind: 'unavailable' }],
    ['nothing yet', { kind: 'pending' }],
  ];

  it.each(open)('is an error for %s, however it is compared', (_, answer) => {
    for (const test of [`${count} > 0`, `${count} == 0`, `!(${count} > 0)`, `${count} >= 0`, `${count} < 1`])
      expect(judged(ofAll(test), answer)).toMatchObject({ status: 'error' });
    expect(judged(`!images.containers.exists(i, ${count} > 0)`, answer)).toMatchObject({ status: 'error' });
    expect(judged(`images.containers.filter(i, ${count} == 0).size() == 0`, answer)).toMatchObject({ status: 'error' });
    expect(judged(ofAll(`has({"n": ${count}}.n)`), answer)).toMatchObject({ status: 'error' });
  });

  it.each(open)('is an error beside one that somebody has: %s', (_, answer) => {
    for (const test of [`${both} > 0`, `${both} == 1`, `${both} != 2`])
      for (const known of [passed, failed])
        expect(judged(ofAll(test), known, answer)).toMatchObject({ status: 'error' });
  });

  it('does not matter where nothing depends on it', () => {
    expect(judged(ofAll(`i.startsWith("registry.example/") || ${count} > 0`), unknown)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('no policy asked') as string,
    });
  });
});

describe('an answer that somebody has', () => {
  it('counts', () => {
    expect(judged(ofAll(`${both} == 2`), passed)).toMatchObject({ status: 'pass' });
    expect(judged(ofAll(`${both} == 1`), passed, failed)).toMatchObject({ status: 'pass' });
    expect(judged(ofAll(`${both} == 0`), failed)).toMatchObject({ status: 'fail' });
  });

  it('for another digest than the one that is written is an error', () => {
    const other: Answer = {
      kind: 'found',
      value: { outcome: 'pass', message: '', digest: `sha256:${'b'.repeat(64)}` },
    };

    expect(judged(ofAll(`${count} > 0`), other)).toMatchObject({ status: 'error' });
  });

  it('is asked for once for all images', () => {
    const asked: string[] = [];
    const { policy } = policyOf({ validations: [{ expression: ofAll(`${count} > 0`) }] });
    const data: DataProvider = {
      ...noData,
      imageSignature: ({ image }) => {
        asked.push(image);
        return { kind: 'pending' };
      },
    };
    const images = ['b', 'c', 'd'].map((name) => `registry.example/${name}@${digest}`);
    const containers = images.map((image) => ({ name: 'c', image }));
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'w' }, spec: { containers } };
    const request = requestFor(object, 'CREATE');
    if (policy === undefined) throw new Error('no policy');

    judgeImages(
      policy,
      { request, namespace: undefined, namespaceLabels: {}, data, exceptions: [] },
      new VerifiedImages(),
    );

    expect(asked).toEqual(images);
  });
});

describe('an attestor whose key depends on its own signature', () => {
  it('is an error and not the end', () => {
    const { policy } = policyOf({
      attestors: [{ name: 'a', cosign: { key: { expression: 'string(variables.count)' } } }],
      variables: [{ name: 'count', expression: `verifyImageSignatures("${pinned}", [attestors.a])` }],
      validations: [{ expression: 'variables.count > 0' }],
    });
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'w' },
      spec: { containers: [{ name: 'c', image: pinned }] },
    };
    const request = requestFor(object, 'CREATE');
    if (policy === undefined) throw new Error('no policy');

    const judgement = judgeImages(
      policy,
      { request, namespace: undefined, namespaceLabels: {}, data: noData, exceptions: [] },
      new VerifiedImages(),
    );

    expect(judgement?.outcome).toMatchObject({ status: 'error' });
  });
});

describe('any policy', () => {
  const field = fc.constantFrom(
    'attestors',
    'attestations',
    'validations',
    'images',
    'matchImageReferences',
    'credentials',
    'validationConfigurations',
    'variables',
    'evaluation',
    'auditAnnotations',
  );

  it('is read without throwing, and any object judged', () => {
    fc.assert(
      fc.property(field, fc.jsonValue(), fc.jsonValue(), (name, value, spec) => {
        const { policy } = policyOf({ validations: [{ expression: ofAll(`${count} > 0`) }], [name]: value });
        if (policy === undefined) return;
        const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'w' }, spec };
        const request = requestFor(object, 'CREATE');
        const evaluation = { request, namespace: undefined, namespaceLabels: {}, data: noData, exceptions: [] };
        pinImages(policy, evaluation);
        const status = judgeImages(policy, evaluation, new VerifiedImages())?.outcome.status;
        expect(['pass', 'fail', 'skip', 'error', undefined]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});
