// SPDX-License-Identifier: Apache-2.0
// What can be proved of an expression from its tree: how many bytes a match has at most, and how far around a keyword every match must lie.
import type { Re2Node } from './syntax-tree.ts';

/** Bytes that a match of the node takes at most, in UTF-8; Infinity when there is no bound. */
export function mostBytes(node: Re2Node): number {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return 0;
    case 'class':
      return (node.ranges.at(-1) ?? 0) < 0x80 ? 1 : 4;
    case 'group':
      return mostBytes(node.node);
    case 'concatenation':
      return node.nodes.reduce((sum, item) => sum + mostBytes(item), 0);
    case 'alternation':
      return node.nodes.reduce((most, item) => Math.max(most, mostBytes(item)), 0);
    default: {
      const one = mostBytes(node.node);
      return one === 0 ? 0 : one * node.most;
    }
  }
}

/**
 * Every match holds a keyword with at most `before` bytes of the match ahead of its first byte, and at most `after` from there to the end;
 * without `after` there is no bound to the end.
 */
export interface KeywordReach {
  readonly before: number;
  readonly after?: number;
}

interface Reach {
  readonly before: number;
  readonly after: number;
}

/** Keywords in lower case, looked for in any case. Undefined when a match without one of them cannot be ruled out, or begins too far away. */
export function keywordReach(node: Re2Node, keywords: readonly string[]): KeywordReach | undefined {
  if (keywords.length === 0) return undefined;
  const reach = reachIn(node, keywords);
  if (reach === undefined || !Number.isFinite(reach.before)) return undefined;
  return Number.isFinite(reach.after) ? reach : { before: reach.before };
}

function reachIn(node: Re2Node, keywords: readonly string[]): Reach | undefined {
  switch (node.kind) {
    case 'group':
      return reachIn(node.node, keywords);
    case 'alternation':
      return widest(node.nodes.map((item) => reachIn(item, keywords)));
    case 'repetition': {
      const inner = node.least > 0 ? reachIn(node.node, keywords) : undefined;
      if (inner === undefined) return undefined;
      return { before: inner.before, after: inner.after + mostBytes(node.node) * (node.most - 1) };
    }
    case 'concatenation':
      return reachInSequence(node.nodes, keywords);
    default:
      return reachInSequence([node], keywords);
  }
}

function widest(all: readonly (Reach | undefined)[]): Reach | undefined {
  let before = 0;
  let after = 0;
  for (const reach of all) {
    if (reach === undefined) return undefined;
    before = Math.max(before, reach.before);
    after = Math.max(after, reach.after);
  }
  return { before, after };
}

/** The narrowest reach that some part of the sequence gives. */
function reachInSequence(nodes: readonly Re2Node[], keywords: readonly string[]): Reach | undefined {
  const sizes = nodes.map(mostBytes);
  const sum = (from: number, to: number): number => sizes.slice(from, to).reduce((total, size) => total + size, 0);
  let best: Reach | undefined;
  const offer = (inner: Reach | undefined, from: number, to: number): void => {
    if (inner === undefined) return;
    const reach = { before: sum(0, from) + inner.before, after: inner.after + sum(to, nodes.length) };
    if (best === undefined || cost(reach) < cost(best)) best = reach;
  };
  for (let from = 0; from < nodes.length; from += 1) {
    const node = nodes[from];
    if (node === undefined) continue;
    if (node.kind !== 'class' && node.kind !== 'concatenation') {
      if (node.kind !== 'empty' && node.kind !== 'assertion') offer(reachIn(node, keywords), from, from + 1);
    } else if (node.kind === 'concatenation') offer(reachInSequence(node.nodes, keywords), from, from + 1);
    let texts: readonly string[] | undefined = [''];
    for (let to = from; to < nodes.length; to += 1) {
      texts = product(texts, textsOf(nodes[to] ?? { kind: 'empty' }));
      if (texts === undefined) break;
      const places = texts.map((text) => firstKeyword(text, keywords));
      if (!places.includes(-1)) {
        const after = texts.map((text, index) => text.length - (places[index] ?? 0));
        offer({ before: Math.max(...places), after: Math.max(...after) }, from, to + 1);
        break;
      }
    }
  }
  return best;
}

/** A keyword near the beginning of the match is worth most: few places have to be tried then. */
function cost({ before, after }: Reach): number {
  return before * 1000 + Math.min(after, 100_000);
}

/** Characters are bytes here: all texts are ASCII. */
function firstKeyword(text: string, keywords: readonly string[]): number {
  const places = keywords.map((keyword) => text.indexOf(keyword)).filter((place) => place !== -1);
  return places.length === 0 ? -1 : Math.min(...places);
}

const mostTexts = 256;

/** All texts the node can match, in lower case; undefined when they are many. */
function textsOf(node: Re2Node): readonly string[] | undefined {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return [''];
    case 'class':
      return charactersOf(node.ranges);
    case 'group':
      return textsOf(node.node);
    case 'concatenation':
      return node.nodes.reduce<readonly string[] | undefined>((texts, item) => product(texts, textsOf(item)), ['']);
    case 'alternation': {
      const all = node.nodes.map(textsOf);
      const texts = all.flatMap((item) => item ?? []);
      return all.includes(undefined) || texts.length > mostTexts ? undefined : texts;
    }
    default: {
      if (node.most > 4) return undefined;
      let texts: readonly string[] | undefined = node.least === 0 ? [''] : [];
      let power: readonly string[] | undefined = [''];
      for (let count = 1; count <= node.most && texts !== undefined; count += 1) {
        power = product(power, textsOf(node.node));
        if (power === undefined) return undefined;
        if (count >= node.least) texts = [...texts, ...power];
      }
      return texts !== undefined && texts.length <= mostTexts ? texts : undefined;
    }
  }
}

function charactersOf(ranges: readonly number[]): readonly string[] | undefined {
  const characters = new Set<string>();
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    const last = ranges[at + 1] ?? 0;
    if (last - first > 16 || last > 0x7f) return undefined;
    for (let code = first; code <= last; code += 1) characters.add(String.fromCharCode(code).toLowerCase());
  }
  return characters.size <= 16 ? [...characters] : undefined;
}

function product(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): readonly string[] | undefined {
  if (left === undefined || right === undefined || left.length * right.length > mostTexts) return undefined;
  return left.flatMap((a) => right.map((b) => a + b));
}

/** Whether a group that captures stands in something repeated: JavaScript forgets such a capture in each turn, RE2 keeps it. */
export function capturesInRepetition(node: Re2Node): boolean {
  switch (node.kind) {
    case 'group':
      return capturesInRepetition(node.node);
    case 'concatenation':
    case 'alternation':
      return node.nodes.some(capturesInRepetition);
    case 'repetition':
      return node.most > 1 && hasCapture(node.node);
    default:
      return false;
  }
}

function hasCapture(node: Re2Node): boolean {
  if (node.kind === 'group') return true;
  if (node.kind === 'repetition') return hasCapture(node.node);
  if (node.kind === 'concatenation' || node.kind === 'alternation') return node.nodes.some(hasCapture);
  return false;
}

/** Repetitions of which nobody knows how long they are count; what is repeated this often counts as well. */
const manyTurns = 64;

/** Whether a text may be matched in more than one way. */
function hasChoice(node: Re2Node): boolean {
  if (node.kind === 'group') return hasChoice(node.node);
  if (node.kind === 'concatenation') return node.nodes.some(hasChoice);
  return node.kind === 'alternation' || (node.kind === 'repetition' && node.least !== node.most);
}

/**
 * To which power of the length of a text a backtracking search can take time, its start not counted: repetitions without bound, one after
 * the other. Infinity where one stands in another.
 */
export function backtrackingDegree(node: Re2Node): number {
  switch (node.kind) {
    case 'group':
      return backtrackingDegree(node.node);
    case 'concatenation':
      return node.nodes.reduce((sum, item) => sum + backtrackingDegree(item), 0);
    case 'alternation':
      return node.nodes.reduce((most, item) => Math.max(most, backtrackingDegree(item)), 0);
    case 'repetition': {
      const inner = backtrackingDegree(node.node);
      const isOpen = node.most > manyTurns && node.least !== node.most;
      if (isOpen && (inner > 0 || hasChoice(node.node))) return Number.POSITIVE_INFINITY;
      return (inner === 0 ? 0 : inner * node.most) + (isOpen ? 1 : 0);
    }
    default:
      return 0;
  }
}
