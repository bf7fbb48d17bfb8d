// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from './documents.ts';
import { resourcesOf } from './resources.ts';

function valueOf(text: string): unknown {
  return parseKubernetesYaml(text, 'a.yaml')[0]?.value;
}

describe('plain scalars', () => {
  it.each([
    ['yes', true],
    ['n', false],
    ['off', false],
    ['~', null],
    ['0644', 420],
    ['0o644', 420],
    ['0b11', 3],
    ['-0x1F', -31],
    ['1_000', 1000],
    ['08', 8],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['+7', 7],
    ['1:30', '1:30'],
    ['2001-12-14', '2001-12-14'],
    ['1.2.3', '1.2.3'],
    ['0xZZ', '0xZZ'],
    ['-', '-'],
    ['99999999999999999999999', 1e23],
    ['nullable', 'nullable'],
  ])('reads %s as go-yaml v2 does', (text, expected) => {
    const value = valueOf(`a: ${text === '-' ? "'-'" : text}\n`);

    expect(value).toEqual({ a: expected });
  });

  it('refuses what JSON cannot hold', () => {
    const [document] = parseKubernetesYaml('a: .inf\n', 'a.yaml');

    expect(document?.problems.map(({ message }) => message)).toEqual(['.inf has no place in JSON']);
  });

  it('prints keys that are not strings as JSON keys', () => {
    const value = valueOf('on: 1\n0x10: 2\n1.50: 3\n');

    expect(value).toEqual({ true: 1, '16': 2, '1.5': 3 });
  });

  it('leaves quoted scalars alone and obeys standard tags', () => {
    const value = valueOf('a: "yes"\nb: !!str 12\nc: !!binary aGk=\nd: !!int "3"\ne: !custom 4\n');

    expect(value).toEqual({ a: 'yes', b: '12', c: 'hi', d: 3, e: 4 });
  });
});

describe('merge keys', () => {
  it('override what stands before them and give way to what stands after', () => {
    const value = valueOf('base: &b {x: 1, z: 1}\na:\n  x: 0\n  <<: *b\n  z: 2\n');

    expect(value).toEqual({ base: { x: 1, z: 1 }, a: { x: 1, z: 2 } });
  });

  it('let the first mapping of a list win', () => {
    const value = valueOf('- &p {x: 1}\n- &q {x: 2, z: 2}\n- <<: [*p, *q]\n');

    expect(value).toEqual([{ x: 1 }, { x: 2, z: 2 }, { x: 1, z: 2 }]);
  });

  it('are members with that name when quoted', () => {
    expect(valueOf('"<<": 1\n')).toEqual({ '<<': 1 });
  });
});

describe('positions', () => {
  const text = 'kind: Pod\nspec:\n  containers:\n  - name: a\n    image: "x"\n  - {name: b,\n     image: y}\n';

  it('are known for every key and value', () => {
    const [document] = parseKubernetesYaml(text, 'p.yaml');

    expect(document?.locate(['spec', 'containers', 0, 'image'])).toEqual({
      path: 'p.yaml',
      line: 5,
      column: 5,
      endLine: 5,
    });
    expect(document?.locateValue(['spec', 'containers', 0, 'image'])).toMatchObject({ line: 5, column: 13 });
    expect(document?.locate(['spec', 'containers', 1])).toMatchObject({ line: 6, column: 5, endLine: 7 });
  });

  it('fall back to the nearest parent', () => {
    const [document] = parseKubernetesYaml(text, 'p.yaml');

    expect(document?.locate(['spec', 'containers', 0, 'securityContext', 'privileged'])).toMatchObject({ line: 4 });
  });

  it('follow aliases and merges to where the value stands', () => {
    const [document] = parseKubernetesYaml('x: &a\n  k: 1\nw: *a\nz:\n  <<: *a\n', 'p.yaml');

    expect(document?.locate(['w', 'k'])).toMatchObject({ line: 2 });
    expect(document?.locate(['z', 'k'])).toMatchObject({ line: 2 });
  });

  it('count from the start of the file in later documents', () => {
    const documents = parseKubernetesYaml('a: 1\n---\n# nothing\n---\nb: 2\n', 'p.yaml');

    expect(documents.map((document) => [document.index, document.locate(['b']).line])).toEqual([
      [0, 1],
      [2, 5],
    ]);
  });

  it('exist for JSON as well', () => {
    const [document] = parseKubernetesYaml('{\n "kind": "Pod",\n "kind": "Service"}', 'p.json');

    expect(document?.value).toEqual({ kind: 'Service' });
    expect(document?.locate(['kind']).line).toBe(3);
    expect(document?.problems).toMatchObject([{ kind: 'schema', hidesFindings: false }]);
  });
});

describe('broken streams', () => {
  it('give the documents that are whole', () => {
    const documents = parseKubernetesYaml('a: 1\n---\nb: [\n---\nc: 3\n', 'p.yaml');

    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, undefined, { c: 3 }]);
    expect(documents[1]?.problems[0]).toMatchObject({ kind: 'syntax', hidesFindings: true });
    expect(documents[2]?.locate(['c']).line).toBe(5);
  });

  it('name duplicate keys, and the last one counts', () => {
    const [document] = parseKubernetesYaml('a: 1\na: 2\n', 'p.yaml');

    expect(document?.value).toEqual({ a: 2 });
    expect(document?.problems).toMatchObject([{ location: { line: 2 }, hidesFindings: false }]);
  });

  it('bound what aliases expand to', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level += 1) {
      bomb.push(
        `a${level}: &a${level} [${Array.from({ length: 9 })
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    }

    const [document] = parseKubernetesYaml(bomb.join('\n'), 'p.yaml', {
      limits: { depth: 100, yamlAliases: 50, yamlNodes: 1000 },
    });

    expect(document?.problems.some(({ kind }) => kind === 'limit')).toBe(true);
  });

  it('name an anchor that contains itself', () => {
    const [document] = parseKubernetesYaml('a: &a\n  b: *a\n', 'p.yaml');

    expect(document?.problems).toMatchObject([{ kind: 'cycle' }]);
  });

  it('bound nesting', () => {
    const [document] = parseKubernetesYaml('['.repeat(5_000), 'p.yaml');

    expect(document?.value).toBeUndefined();
    expect(document?.problems.length).toBeGreaterThan(0);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a:-&*!|> \n[]{}"\'#<?,~0%\t'.split('')) }), (text) => {
        for (const document of parseKubernetesYaml(text, 'p.yaml')) document.locate(['a', 0]);
      }),
      { numRuns: 300 },
    );
  });

  it('give back what was printed as JSON', () => {
    fc.assert(
      fc.property(fc.object({ withObjectString: false }), (object) => {
        const printed = JSON.stringify(object);

        expect(valueOf(printed)).toEqual(JSON.parse(printed));
      }),
      { numRuns: 100 },
    );
  });
});

describe('resourcesOf', () => {
  it('lost items of lists that are no objects, or that lie too deep', () => {
    const deep = Array.from({ length: 9 }).reduce<unknown>(
      (items) => ({ apiVersion: 'v1', kind: 'List', items: [items] }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
      },
    );
    const odd = { apiVersion: 'v1', kind: 'List', items: [5, { metadata: {} }, { apiVersion: 'v1', kind: 'Pod' }] };
    const problemsOf = (value: unknown) => resourcesOf(parseKubernetesYaml(JSON.stringify(value), 'l.json')).problems;

    expect(problemsOf(deep)).toMatchObject([{ kind: 'limit', hidesFindings: true }]);
    expect(problemsOf(odd)).toMatchObject([
      { kind: 'schema', hidesFindings: true },
      { kind: 'schema', hidesFindings: true },
    ]);
  });

  it('takes lists apart and keeps positions', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: {name: p, namespace: web}\n';

    const { resources } = resourcesOf(parseKubernetesYaml(text, 'p.yaml'));

    expect(resources.map(({ kind, name, namespace }) => [kind, name, namespace])).toEqual([['Pod', 'p', 'web']]);
    expect(resources[0]?.locate(['metadata', 'name']).line).toBe(7);
  });

  it('names documents that are no objects of Kubernetes', () => {
    const { resources, others } = resourcesOf(parseKubernetesYaml('replicas: 2\n---\n- 1\n', 'values.yaml'));

    expect(resources).toEqual([]);
    expect(others.map(({ reason }) => reason)).toEqual(['no apiVersion and kind', 'not an object']);
  });
});
