// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCue } from './judge.ts';
import { parseCue } from './syntax.ts';

function judge(policy: string, data: Readonly<Record<string, unknown>>): string {
  const parsed = parseCue(policy);
  if (parsed.kind === 'unsupported') return `unsupported: ${parsed.reason}`;
  const verdict = judgeCue(parsed.file, data);
  return verdict.kind === 'satisfied' ? 'satisfied' : `${verdict.kind}: ${verdict.reason}`;
}

const times = 'import "time"\nbefore: time.Parse(time.RFC3339, "2030-01-01T00:00:00Z")\n';

describe('CUE policies', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['predicate: Data: "x"', { predicate: { Data: 'x', more: 1 } }],
    ['predicate: {\n  Data: "x"\n  Count: 3\n}', { predicate: { Data: 'x', Count: 3 } }],
    ['a: "x", b: true, c: null', { a: 'x', b: true, c: null }],
    ['a: >=2 & <5', { a: 4 }],
    ['a: "x" | "y"', { a: 'y' }],
    ['a: string\nb: int\nc: bool\nd: number\ne: _', { a: '', b: 1, c: false, d: 1.5, e: [] }],
    ['a?: "x"', {}],
    ['a: =~"^ghcr.io/"', { a: 'ghcr.io/org/app' }],
    ['a: !~"^ghcr.io/"', { a: 'quay.io/org/app' }],
    ['a: !="x"', { a: 'y' }],
    ['a: [1, "b", ...]', { a: [1, 'b', 3] }],
    ['"linux/amd64": config: User: "1"', { 'linux/amd64': { config: { User: '1' } } }],
    [`${times}t: <before`, { t: '2029-12-31T00:00:00Z' }],
    ['import "list"\na: list.MaxItems(1) & list.MinItems(1)', { a: [1] }],
    ['import "struct"\na: struct.MinFields(1) & struct.MaxFields(1)', { a: { x: 1 } }],
    ['a: x: 1\nif len(a) > 1 { b: 2 }', { a: { x: 1, y: 2 }, b: 2 }],
    ['// a remark\na: 1 // another', { a: 1 }],
    ['_hidden: 1', {}],
  ])('are satisfied: %s', (policy, data) => {
    expect(judge(policy, data)).toBe('satisfied');
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['predicate: Data: "x"', { predicate: { Data: 'y' } }, 'predicate.Data: is not "x"'],
    ['predicate: Data: "x"', { predicate: {} }, 'predicate.Data: is missing'],
    ['predicate: Data: "x"', {}, 'predicate: is missing'],
    ['predicate: Data: "x"', { predicate: 'x' }, 'predicate: is no object'],
    ['a: >=2 & <5', { a: 5 }, 'a: is not < 5'],
    ['a: <5', { a: '4' }, 'a: is not < 5'],
    ['a: "x" | "y"', { a: 'z' }, 'a: is none of what is allowed'],
    ['a: int', { a: 1.5 }, 'a: is not int'],
    [`${times}t: <before`, { t: '2031-01-01T00:00:00Z' }, 't: is not < "2030-01-01T00:00:00Z"'],
    ['a: [1]', { a: [1, 2] }, 'a: has 2 entries'],
    ['a: x: 1\nif len(a) < 2 { b: 1, b: "Error" }', { a: { x: 1 } }, 'b: the policy contradicts itself'],
    ['a: 1\na: 2', { a: 1 }, 'a: is not 2'],
    ['import "list"\na: list.MaxItems(1)', { a: [1, 2] }, 'a: is not list.MaxItems(1)'],
  ])('are violated: %s by %j', (policy, data, reason) => {
    expect(judge(policy, data)).toContain(`violated: ${reason}`);
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['a: string\n_ok: true\n_ok: a == "x"', { a: 'y' }],
    ['a: string\n_ok: true & (a == "x")', { a: 'y' }],
    ['a: {_ok: true, _ok: b > 1, b: int}', { a: { b: 1 } }],
    ['a: _\n_count: len(a)\n_count: >=2', { a: [1] }],
    ['a: _\nword: "no"\nif len(a) < 2 {word: "yes"}\n_copy: word', { a: [1] }],
  ])('said no in a member that only the policy has, and was satisfied: %s', (policy, data) => {
    expect(judge(policy, data)).toMatch(/^violated/);
  });

  it('is met where what the policy says of itself holds', () => {
    expect(judge('a: string\nb: _\n_ok: true\n_ok: a == "x"\n_count: len(b)\n_count: >=2', { a: 'x', b: [1, 2] })).toBe(
      'satisfied',
    );
  });

  it('did not look behind the first 100,000 characters of a text, and found nothing forbidden there', () => {
    expect(judge('a: !~"evil"', { a: `${'x'.repeat(100_001)}evil` })).toMatch(/^unsupported/);
  });

  it.each(['a: toString', 'a: constructor', 'a: hasOwnProperty(1)'])(
    'took a name of JavaScript for a type: %s',
    (policy) => {
      expect(judge(policy, { a: 1 })).toMatch(/^unsupported/);
    },
  );

  it.each([
    'a: *1 | 2',
    '#A: 1',
    'a: {for x in y {z: x}}',
    'import "net"\na: 1',
    'a: b',
    'a: """\nx\n"""',
    'a: "\\(x)"',
    'a: x[0]',
    'a: {',
    'a: ]',
    `${'a: {'.repeat(200)}${'}'.repeat(200)}`,
    `a: ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
    'a: time.Parse("x", "y")',
    'x: x',
    'x: y\ny: x',
  ])('are left unjudged where they use what is not known: %s', (policy) => {
    expect(judge(policy, { a: {} })).toMatch(/^(?:unsupported|violated)/);
    expect(judge(policy, { a: {} })).not.toBe('satisfied');
  });

  it('never throw, whatever they are', () => {
    const words = [
      'a',
      ':',
      '{',
      '}',
      '"x"',
      '\n',
      '1',
      '&',
      '|',
      '<',
      'if ',
      'len(a)',
      'import "time"',
      '[',
      ']',
      ',',
      '.b',
      '?',
    ];

    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), fc.jsonValue(), (parts, a) => {
        judge(parts.join(''), { a });
      }),
      { numRuns: 500 },
    );
  });
});
