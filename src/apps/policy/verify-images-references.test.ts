// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { byKey, judgePhase, named, outcomes, pinned, signedRegistry } from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import { requestFor } from '../../policy/admission-policy/request.ts';
import { noData } from '../../policy/data-provider.ts';

closeAfterEach();

describe('images', () => {
  it('are those that imageReferences name, but for those that skipImageReferences name', async () => {
    const entry = { ...byKey, imageReferences: ['registry.example/team/*'], skipImageReferences: ['*/legacy:*'] };
    const registry = await signedRegistry();

    const set = setOf([imagePolicy(entry)]);

    expect((await judge(registry, set, podWith('registry.example/team/legacy:v1'))).lines[0]).toMatch(/^skip /);
    expect((await judge(registry, set, podWith('elsewhere.example/team/app:v1'))).lines[0]).toMatch(/^skip /);
    expect((await judge(registry, set, podWith(named, 'registry.example/team/none:v1'))).lines[0]).toMatch(/^error /);
  });

  it('that have a tag and a digest are named by either', async () => {
    const registry = await signedRegistry();
    const set = setOf([imagePolicy({ ...byKey, imageReferences: ['*:v1'] })]);

    expect((await judge(registry, set, podWith(named))).lines[0]).toMatch(/^pass /);
    expect((await judge(registry, set, podWith(pinned))).lines[0]).toMatch(/^pass /);
    const bare = pinned.replace(':v1', '');
    expect((await judge(registry, set, podWith(bare))).lines[0]).toMatch(/^skip /);
  });

  it('that are no names are an error', async () => {
    const { lines } = await judge(await signedRegistry(), setOf([imagePolicy(byKey)]), podWith('UPPER//case'));

    expect(lines).toEqual([expect.stringMatching(/^error .*no name of an image/)]);
  });

  it('are found in other kinds by imageExtractors', async () => {
    const task = {
      apiVersion: 'tekton.dev/v1',
      kind: 'Task',
      metadata: { name: 't' },
      spec: { steps: [{ name: 's', image: named }] },
    };
    const rule = {
      match: { any: [{ resources: { kinds: ['Task'] } }] },
      imageExtractors: { Task: [{ path: '/spec/steps/*/image' }] },
    };
    const byValue = { ...rule, imageExtractors: { Task: [{ path: '/spec/steps/*', value: 'image', key: 'name' }] } };
    const registry = await signedRegistry();

    for (const each of [rule, byValue]) {
      const { patch } = await judgePhase(registry, setOf([imagePolicy(byKey, {}, each)]), task, 'both');

      expect(patch).toEqual([{ op: 'replace', path: '/spec/steps/0/image', value: pinned }]);
    }
  });

  it('that are taken out of a text cannot be changed', async () => {
    const object = {
      apiVersion: 'x.example/v1',
      kind: 'Disk',
      metadata: { name: 'd' },
      spec: { url: `docker://${named}` },
    };
    const rule = {
      match: { any: [{ resources: { kinds: ['Disk'] } }] },
      imageExtractors: { Disk: [{ path: '/spec/url', jmesPath: "trim_prefix(@, 'docker://')" }] },
    };

    expect(setOf([imagePolicy(byKey, {}, rule)]).problems[0]?.message).toContain('mutateDigest: false');

    const entry = { ...byKey, mutateDigest: false, verifyDigest: false };
    const outcome = await judgePhase(await signedRegistry(), setOf([imagePolicy(entry, {}, rule)]), object, 'both');
    expect(outcomes(outcome)).toEqual(['pass deny']);
  });

  it('are not judged when they are deleted', async () => {
    const set = setOf([imagePolicy(byKey)]);
    const request = requestFor(podWith(named), 'DELETE');

    const cluster = { objects: () => [], namespace: () => undefined };
    expect(set.judge(request, { cluster, provider: noData }).decisions).toEqual([]);
  });

  it.each([
    ['registry.example/*', named, 'is'],
    ['*/app:v1', named, 'is'],
    ['registry.example/team/app:v?', named, 'is'],
    ['registry.example/team/app:v1?', named, 'is not'],
    ['registry.example/team/app', named, 'is not'],
    ['registry.example/team/*', pinned, 'is'],
    ['registry.example/team/app@sha256:*', pinned, 'is'],
    ['docker.io/app:latest', 'app', 'is'],
    ['app', 'app', 'is not'],
    ['docker.io/library/app:*', 'app', 'is not'],
  ])('%s: %s %s meant', async (reference, text, expected) => {
    const registry = await testRegistry();
    const set = setOf([imagePolicy({ ...byKey, imageReferences: [reference] })]);

    expect((await judge(registry, set, podWith(text))).lines[0]?.startsWith('skip ')).toBe(expected === 'is not');
  });
});
