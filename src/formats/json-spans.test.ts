// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMembers, JsonSpans } from './json-spans.ts';

const text = '{\n  "a": [1, {"b": "x\\"y"}],\n  "c\\u0064": null\n}';

describe('JsonSpans', () => {
  it('finds members by path, from the key to the end of the value', () => {
    const spans = new JsonSpans(text, 10);

    const taken = (path: (string | number)[]): string => {
      const { start, end } = spans.find(path);
      return text.slice(start, end);
    };
    expect(taken(['a'])).toBe('"a": [1, {"b": "x\\"y"}]');
    expect(taken(['a', 0])).toBe('1');
    expect(taken(['a', 1, 'b'])).toBe('"b": "x\\"y"');
    expect(taken(['cd'])).toBe('"c\\u0064": null');
    expect(taken(['a', 7])).toBe('"a": [1, {"b": "x\\"y"}]');
    expect(taken([])).toBe(text);
  });

  it('finds the last of several members of one name, and tells the others', () => {
    const doubled = '{"x": {"a": 1, "a": 2}, "y": 0}';
    const spans = new JsonSpans(doubled, 10);

    expect(spans.find(['x', 'a']).start).toBe(doubled.lastIndexOf('"a"'));
    expect(spans.duplicates()).toEqual([{ key: 'a', start: 15 }]);
    expect(spans.memberCount - countMembers(JSON.parse(doubled))).toBe(1);
  });

  it('stops where the nesting is too deep', () => {
    expect(new JsonSpans('[[[]]]', 2).tooDeepAt).toBe(2);
    expect(new JsonSpans('[[[]]]', 3).tooDeepAt).toBeUndefined();
  });

  it('counts the members of every document as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (document) => {
        expect(new JsonSpans(document, 1000).memberCount).toBe(membersOf(JSON.parse(document)));
      }),
    );
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (anything) => void new JsonSpans(anything, 10).find(['a', 0])));
  });
});

function membersOf(value: unknown): number {
  return value !== null && typeof value === 'object' ? countMembers(value) : 0;
}
