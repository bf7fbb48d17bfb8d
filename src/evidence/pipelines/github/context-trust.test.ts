// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../formats/github-expression/parse-expression.ts';
import { contextTrust } from './context-trust.ts';
import { contextPath, flowingContexts } from './flow.ts';

function trustOf(text: string): string | undefined {
  const parsed = parseExpression(text);
  const path = parsed.kind === 'expression' ? contextPath(parsed.node) : undefined;
  return path === undefined ? 'no context' : contextTrust(path);
}

describe('contextTrust', () => {
  it.each([
    ['github.event.issue.title', 'arbitrary'],
    ['github.event.inputs.draft', 'arbitrary'],
    ['github.event.client_payload.a.number', 'arbitrary'],
    ["github['event']['issue'].TITLE", 'arbitrary'],
    ['github.head_ref', 'arbitrary'],
    ['github.event.pull_request.labels[0].name', 'arbitrary'],
    ['github.event.commits.*.message', 'arbitrary'],
    ['github.event', 'arbitrary'],
    ['github', 'arbitrary'],
    ['github.event.pull_request.number', 'fixed'],
    ['github.event.pull_request.head.sha', 'fixed'],
    ['github.event.head_commit.id', 'arbitrary'],
    ['github.event.pull_request.user.following_url', 'structured'],
    ['github.event.repository.has_wiki', 'fixed'],
    ['github.event.pull_request.created_at', 'fixed'],
    ['github.repository', 'fixed'],
    ['github.sha', 'fixed'],
    ['runner.os', 'fixed'],
    ['steps.x.outcome', 'fixed'],
    ["needs['a']['result']", 'fixed'],
    ['steps.x.outputs.result', undefined],
    ['inputs.x', undefined],
    ['secrets.x', undefined],
    ['fromJSON(x).y', 'no context'],
  ])('of %s is %s', (text, trust) => {
    expect(trustOf(text)).toBe(trust);
  });
});

describe('flowingContexts', () => {
  it.each([
    ['a.b', ['a.b']],
    ["a.b == 'c'", []],
    ['a.b && c.d', ['c.d']],
    ['a.b || c.d', ['a.b', 'c.d']],
    ["a.b && 'x' || c.d", ['c.d']],
    ['!a.b', []],
    ["contains(a.b, 'c')", []],
    ["format('{0}', a.b)", ['a.b']],
    ['toJSON(join(a.b))', ['a.b']],
    ['case(a.b, c.d, e.f)', ['c.d', 'e.f']],
    ['fromJSON(a.b)', []],
  ])('of %s are %j', (text, contexts) => {
    const parsed = parseExpression(text);

    const found =
      parsed.kind === 'expression'
        ? flowingContexts(parsed.node).map(({ start, end }) => text.slice(start, end))
        : ['fault'];

    expect(found).toEqual(contexts);
  });
});
