// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { documents, podWith } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../admission-policy/request.ts';
import { noData } from '../data-provider.ts';
import type { CompiledEngine } from '../engine.ts';
import { imagePolicyEngine } from './engine.ts';

const settings = (data?: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config-policy-controller', namespace: 'cosign-system' },
  ...(data === undefined ? {} : { data }),
});
const policy = (authorities: readonly JsonObject[], mode = 'enforce'): JsonObject => ({
  apiVersion: 'policy.sigstore.dev/v1beta1',
  kind: 'ClusterImagePolicy',
  metadata: { name: 'ours' },
  spec: { images: [{ glob: 'registry.example/**' }], mode, authorities },
});

function compile(...objects: readonly JsonObject[]): CompiledEngine {
  return imagePolicyEngine.compile(documents(objects.map((object) => JSON.stringify(object)).join('\n---\n')), {
    unbound: 'apply',
  });
}
function judge(image: string, ...objects: readonly JsonObject[]): string {
  const cluster = { namespace: () => undefined, objects: () => [] };
  const request = requestFor(podWith(image));
  const { decisions } = compile(...objects).judge(request, { cluster, provider: noData, phase: 'validate' });
  return decisions.map(({ policy: name, outcome, effect }) => `${name} ${outcome} ${effect}`).join();
}

describe("policy-controller's ConfigMap", () => {
  it('says what becomes of images that no policy is about; deny when it says nothing', () => {
    const other = 'other.example/a@sha256:1';
    const ours = policy([{ static: { action: 'pass' } }]);

    expect(judge(other, ours)).toBe('no-match-policy skip deny');
    expect(judge(other, ours, settings())).toBe('no-match-policy fail deny');
    expect(judge(other, ours, settings({ 'no-match-policy': 'warn' }))).toBe('no-match-policy fail warn');
    expect(judge(other, ours, settings({ 'no-match-policy': 'allow' }))).toBe('no-match-policy skip deny');
  });

  it('asks for requests where there is no policy at all, and for none when it allows', () => {
    expect(compile(settings()).policies).toMatchObject([{ name: 'no-match-policy', mutates: false }]);
    expect(compile(settings({ 'no-match-policy': 'allow' })).policies).toEqual([]);
  });

  it('counts as its strictest word where a word means nothing, or several say different things', () => {
    const words = settings({ 'no-match-policy': 'Allow', 'fail-on-empty-authorities': 'no' });

    expect(judge('a', words)).toBe('no-match-policy fail deny');
    expect(compile(words).problems).toMatchObject([
      { hidesFindings: false, message: expect.stringContaining('no-match-policy') },
      { hidesFindings: false, message: expect.stringContaining('fail-on-empty-authorities') },
    ]);
    const allow = settings({ 'no-match-policy': 'allow' });
    expect(judge('a', settings({ 'no-match-policy': 'warn' }), allow)).toBe('no-match-policy fail warn');
  });

  it('lets policies do without authorities, which then refuse what they are about', () => {
    const image = 'registry.example/a@sha256:1';
    const lenient = settings({ 'fail-on-empty-authorities': 'False' });

    expect(compile(policy([])).problems).toMatchObject([{ hidesFindings: true }]);
    expect(compile(policy([]), settings({ 'fail-on-empty-authorities': 'true' })).problems).toHaveLength(1);
    expect(compile(policy([]), lenient).problems).toEqual([]);
    expect(judge(image, policy([]), lenient)).toBe('ours fail deny');
    expect(judge(image, policy([], 'warn'), lenient)).toBe('ours fail warn');
  });
});
