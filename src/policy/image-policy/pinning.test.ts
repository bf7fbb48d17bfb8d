// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { documents, podWith } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';
import { requestFor } from '../admission-policy/request.ts';
import type { DataProvider, Lookup } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type { AdmissionPhase, EngineOutcome } from '../engine.ts';
import { imagePolicyEngine } from './engine.ts';
import { matchesImage } from './image-glob.ts';

const digest = `sha256:${'1'.repeat(64)}`;

interface Judging {
  readonly spec?: JsonObject;
  readonly phase?: AdmissionPhase;
  readonly oldObject?: JsonObject;
  readonly digest?: Lookup<string>;
}

function judge(object: JsonObject, judging: Judging = {}): EngineOutcome {
  const { spec = {}, phase = 'mutate', oldObject, digest: answer = { kind: 'found', value: digest } } = judging;
  const policy = {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'signed' },
    spec: {
      images: [{ glob: 'registry.example/**' }],
      authorities: [{ keyless: { identities: [{ issuer: 'i', subject: 's' }] } }],
      ...spec,
    },
  };
  const engine = imagePolicyEngine.compile(documents(JSON.stringify(policy)), { unbound: 'apply' });
  const provider: DataProvider = {
    ...noData,
    imageDigest: () => answer,
    imageSignature: () => ({ kind: 'found', value: { outcome: 'pass', message: 'signed' } }),
  };
  const request = requestFor(object, oldObject === undefined ? 'CREATE' : 'UPDATE');
  return engine.judge(oldObject === undefined ? request : { ...request, oldObject }, {
    phase,
    cluster: { objects: () => [], namespace: () => undefined },
    provider,
  });
}

function valuesOf({ patch }: EngineOutcome): readonly unknown[] {
  return patch.map((operation) => (operation.op === 'replace' ? operation.value : operation.op));
}

describe('images that policies of Sigstore are about', () => {
  it('get the digest behind the tag, and a tag where there is none, so that patterns with tags still know them', () => {
    const outcome = judge(podWith('registry.example/a:v1', 'registry.example/b', 'elsewhere.example/c:v1'));

    expect(valuesOf(outcome)).toEqual([`registry.example/a:v1@${digest}`, `registry.example/b:latest@${digest}`]);
    expect(outcome.object).toMatchObject({
      spec: { containers: [{ image: `registry.example/a:v1@${digest}` }, {}, { image: 'elsewhere.example/c:v1' }] },
    });
  });

  it.each(['registry.example/b', 'registry.example/b:latest', 'registry.example/b:*', 'registry.example/*'])(
    'are known to the pattern %s before and after',
    (glob) => {
      expect(matchesImage(glob, 'registry.example/b')).toBe(true);
      expect(matchesImage(glob, `registry.example/b:latest@${digest}`)).toBe(true);
    },
  );

  it('are left alone where they stood before: changing them would restart what runs', () => {
    const before = podWith('registry.example/a:v1');
    const after = podWith('registry.example/a:v1', 'registry.example/new:v1');

    expect(valuesOf(judge(after, { oldObject: before }))).toEqual([`registry.example/new:v1@${digest}`]);
    expect(judge(before, { oldObject: before, phase: 'validate' }).decisions).toMatchObject([{ outcome: 'pass' }]);
    const twice = podWith('registry.example/a:v1', 'registry.example/a:v1');
    expect(judge(twice, { oldObject: before }).patch).toMatchObject([{ path: '/spec/containers/1/image' }]);
    expect(judge(twice, { oldObject: before, phase: 'validate' }).decisions).toMatchObject([{ outcome: 'fail' }]);
  });

  it('are left alone where no policy looks at content', () => {
    const spec = { authorities: [{ static: { action: 'pass' } }] };

    expect(judge(podWith('registry.example/a:v1'), { spec }).patch).toEqual([]);
    expect(judge(podWith('registry.example/a:v1'), { spec, phase: 'validate' }).decisions).toMatchObject([
      { outcome: 'pass' },
    ]);
  });

  it.each<readonly [string, Lookup<string>, string]>([
    ['failed', { kind: 'failed', message: 'could not look: down' }, 'could not look: down'],
    ['absent', { kind: 'absent' }, 'there is no such image'],
    ['pending', { kind: 'pending' }, 'not looked up yet'],
  ])('make an error, and change nothing, when their digest is %s', (_, answer, message) => {
    const outcome = judge(podWith('registry.example/a:v1'), { digest: answer });

    expect(outcome.patch).toEqual([]);
    expect(outcome.decisions).toMatchObject([
      { outcome: 'error', effect: 'deny', message: `registry.example/a:v1: ${message}` },
    ]);
  });

  it('are refused with a tag in the validating phase, and warned of where the policy only warns', () => {
    const told = (spec: JsonObject): unknown =>
      judge(podWith('registry.example/a:v1'), { spec, phase: 'validate' }).decisions;

    expect(told({})).toMatchObject([{ outcome: 'fail', effect: 'deny' }]);
    expect(told({ mode: 'warn' })).toMatchObject([{ outcome: 'fail', effect: 'warn' }]);
  });

  it('are judged as they are written where nobody changes anything: on a command line', () => {
    expect(judge(podWith('registry.example/a:v1'), { phase: 'both' }).decisions).toMatchObject([{ outcome: 'pass' }]);
  });
});
