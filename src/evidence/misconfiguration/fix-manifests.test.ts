// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { polarisHostIpcSet } from './checks/polaris/host-ipc-set.ts';
import { polarisPullPolicyNotAlways } from './checks/polaris/pull-policy-not-always.ts';
import { editsBetween, fixManifests } from './fix-manifests.ts';

const text = `# first
apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  hostIPC: true # for the old library
  containers:
    - name: app
      image: a:1 # pinned later
---
apiVersion: v1
kind: Pod
metadata:
  name: b
  annotations:
    polaris.fairwinds.com/pullPolicyNotAlways-exempt: "true"
spec:
  hostIPC: true
  containers:
    - image: b:1
`;

const checks = [polarisHostIpcSet, polarisPullPolicyNotAlways];

describe('fixes of manifests', () => {
  it('change every object of a file and keep its comments and exemptions', () => {
    const { files, applied, refused } = fixManifests([{ path: 'a.yaml', text }], { checks });

    expect(files).toEqual([
      {
        path: 'a.yaml',
        text: text
          .replace('  hostIPC: true # for the old library\n', '')
          .replace('  hostIPC: true\n', '')
          .replace('# pinned later\n', '# pinned later\n      imagePullPolicy: Always\n'),
      },
    ]);
    expect(applied).toHaveLength(3);
    expect(refused).toEqual([]);
  });

  it('say what they could not change', () => {
    const alias = 'apiVersion: v1\nkind: Pod\nx: &c [{ name: a }]\nspec: { containers: *c }\n';

    const { files, refused } = fixManifests([{ path: 'a.yaml', text: alias }], { checks });

    expect(files).toEqual([]);
    expect(refused).toEqual(['a.yaml: Pod (no name): polaris-pull-policy-not-always']);
  });

  it('leave files alone that need none', () => {
    expect(fixManifests([{ path: 'a.yaml', text: 'kind: [' }], { checks }).files).toEqual([]);
  });

  it.each([
    ['a\nb\nc\n', 'a\nX\nc\n'],
    ['a\nb\nc\n', 'a\nc\n'],
    ['a\nb\n', 'a\nb\nb\nc\n'],
    ['a', 'b'],
    ['', 'b\n'],
  ])('are edits of the lines that differ: %j to %j', (before, after) => {
    const edits = editsBetween('a.yaml', before, after);

    const [edit] = edits;
    expect(edits).toHaveLength(1);
    expect(before.slice(0, edit?.start) + (edit?.text ?? '') + before.slice(edit?.end)).toBe(after);
  });
});
