// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml/documents.ts';
import { fixManifest } from './fix-manifest.ts';
import type { WantedValue } from './manifest-check.ts';

function fix(text: string, ...wanted: readonly WantedValue[]): string | undefined {
  return fixManifest(text, { line: 1 }, wanted);
}

const deployment = `kind: Deployment # who
metadata:
  name: web
spec:
  # how many
  replicas: 1 # too few
  template:
    spec:
      containers:
        - name: web # the shop
          image: shop:1
          # what it may do
          securityContext:
            runAsNonRoot: false # for now
        - hostPort: 80
          name: other
`;

describe('a fix of a manifest', () => {
  it('replaces a scalar and leaves every comment', () => {
    const fixed = fix(deployment, { at: ['spec', 'replicas'], value: 3 });

    expect(fixed).toBe(deployment.replace('replicas: 1 #', 'replicas: 3 #'));
  });

  it('adds a member behind the last one of its parent', () => {
    const at = ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'readOnlyRootFilesystem'];

    const fixed = fix(deployment, { at, value: true });

    expect(fixed).toBe(deployment.replace('for now\n', 'for now\n            readOnlyRootFilesystem: true\n'));
  });

  it('adds the members on the way, with a comment beside the value', () => {
    const at = ['spec', 'template', 'spec', 'containers', 1, 'resources', 'limits', 'cpu'];

    const fixed = fix(deployment, { at, value: '100m', comment: 'TODO: measure' });

    expect(fixed).toBe(
      `${deployment}          resources:\n            limits:\n              cpu: 100m # TODO: measure\n`,
    );
  });

  it('puts the comment above a structure', () => {
    const fixed = fix('kind: Pod\nspec:\n  hostPID: true\n', {
      at: ['spec', 'livenessProbe'],
      value: { exec: { command: ['cat', '/tmp/x'] }, periodSeconds: 5 },
      comment: 'TODO',
    });

    expect(fixed).toBe(
      'kind: Pod\nspec:\n  hostPID: true\n  # TODO\n  livenessProbe:\n    exec:\n      command:\n        - cat\n        - "/tmp/x"\n    periodSeconds: 5\n',
    );
  });

  it('moves the next member up when the first one of a list item goes', () => {
    const fixed = fix(deployment, { at: ['spec', 'template', 'spec', 'containers', 1, 'hostPort'], value: undefined });

    expect(fixed).toBe(deployment.replace('- hostPort: 80\n          name: other', '- name: other'));
  });

  it('takes the whole line of a member with its comment', () => {
    const fixed = fix('kind: Pod\nspec:\n  hostPID: true # why\n  # kept\n  nodeName: a\n', {
      at: ['spec', 'hostPID'],
      value: undefined,
    });

    expect(fixed).toBe('kind: Pod\nspec:\n  # kept\n  nodeName: a\n');
  });

  it('leaves an empty mapping when the only member goes', () => {
    const fixed = fix('kind: Pod\nspec:\n  hostPID: true\nstatus: {}\n', { at: ['spec', 'hostPID'], value: undefined });

    expect(fixed).toBe('kind: Pod\nspec: {}\nstatus: {}\n');
  });

  it.each([
    ['{ kind: Pod, spec: { hostPID: true, x: 1 } }', ['spec', 'hostPID'], undefined, '{ kind: Pod, spec: { x: 1 } }'],
    ['{ kind: Pod, spec: {} }', ['spec', 'a'], 'b', '{ kind: Pod, spec: { a: b } }'],
    ['{"kind":"Pod","spec":{"a":1}}', ['spec', 'b', 'c'], true, '{"kind":"Pod","spec":{"a":1, "b": {"c":true}}}'],
    ['kind: Pod\nspec:\n', ['spec', 'a'], 'yes', 'kind: Pod\nspec:\n  a: "yes"\n'],
    ['kind: Pod\nspec:\n  a: "x"', ['spec', 'b'], 1, 'kind: Pod\nspec:\n  a: "x"\n  b: 1'],
  ] as const)('keeps the style of %j', (text, at, value, expected) => {
    expect(fix(text, { at, value })).toBe(expected);
  });

  it('finds objects in later documents and in lists', () => {
    const text =
      'kind: A\n---\nkind: List\nitems:\n  - kind: Pod\n    spec: {}\n  - kind: Pod\n    spec:\n      a: 1\n';

    const fixed = fixManifest(text, { line: 7 }, [{ at: ['spec', 'a'], value: 2 }]);

    expect(fixed).toBe(text.replace('a: 1', 'a: 2'));
  });

  it.each([
    ['kind: Pod\na: &x { b: 1 }\nspec: *x\n', ['spec', 'b']],
    ['kind: Pod\nspec: [1]\n', ['spec', 3, 'b']],
    ['kind: Pod\nspec: text\n', ['spec', 'b']],
    ['kind: [', ['spec']],
  ] as const)('changes nothing where it cannot reach: %j', (text, at) => {
    expect(fix(text, { at, value: 1 })).toBeUndefined();
  });

  it('gives the value that was asked for, whatever else stands there', () => {
    const scalar = fc.oneof(
      fc.boolean(),
      fc.integer({ min: 0, max: 99 }),
      fc.constantFrom('a', 'b c', '# x', '- y', ''),
    );
    const key = fc.constantFrom('a', 'b', 'c');
    const tree = fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, scalar)))));

    fc.assert(
      fc.property(tree, fc.array(key, { minLength: 1, maxLength: 4 }), scalar, (object, at, value) => {
        const text = printYaml({ kind: 'Pod', ...object });
        const fixed = fix(text, { at, value });
        if (fixed === undefined) return;
        const [document] = parseKubernetesYaml(fixed, 'file.yaml');
        const found = at.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], document?.value);
        expect(found).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.oneof(fc.string(), fc.nat(3))), (text, at) => {
        fix(text, { at, value: 1 });
        fix(text, { at, value: undefined });
      }),
      { numRuns: 100 },
    );
  });
});

function printYaml(value: unknown, indent = 0): string {
  return Object.entries(value as Record<string, unknown>)
    .map(([key, member]) => {
      const margin = ' '.repeat(indent);
      if (typeof member !== 'object' || member === null) return `${margin}${key}: ${JSON.stringify(member)} # why\n`;
      if (Object.keys(member).length === 0) return `${margin}${key}: {}\n`;
      return `${margin}${key}:\n${printYaml(member, indent + 2)}`;
    })
    .join('');
}
