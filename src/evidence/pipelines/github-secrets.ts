// SPDX-License-Identifier: Apache-2.0
// Secrets that expressions of GitHub Actions name, in any text of a workflow.
import { findExpressions } from '../../formats/github-expression/find-expressions.ts';
import { parseExpression } from '../../formats/github-expression/parse-expression.ts';
import { referencesOf } from '../../formats/github-expression/references.ts';
import type { YamlNode, YamlTree } from '../../formats/yaml-tree.ts';
import { locateSpan } from '../../formats/yaml-tree.ts';
import type { Location } from '../../model/location.ts';
import type { SecretUse } from './pipeline.ts';

/** The name that stands for all secrets of the repository. */
export const everySecret = '*';

/** Secrets in one text. `github.token` is the token of the job. */
export function secretsInText(text: string, location: Location): readonly SecretUse[] {
  if (!/secrets|github\.token/i.test(text)) return [];
  return findExpressions(text).flatMap(({ parsed, source }) =>
    parsed.kind === 'fault'
      ? guessed(source, location)
      : referencesOf(parsed.node).flatMap(({ steps }) => secretOf(steps, location)),
  );
}

/** The text of an `if:`, which is an expression with or without braces. */
export function secretsInCondition(text: string, location: Location): readonly SecretUse[] {
  if (text.includes('${{') || !/secrets|github\.token/i.test(text)) return secretsInText(text, location);
  const parsed = parseExpression(text);
  return parsed.kind === 'fault'
    ? guessed(text, location)
    : referencesOf(parsed.node).flatMap(({ steps }) => secretOf(steps, location));
}

function secretOf(steps: readonly (string | undefined)[], location: Location): SecretUse[] {
  const [context, name] = steps;
  if (context === 'github') return name === 'token' ? [{ name: 'GITHUB_TOKEN', source: 'token', location }] : [];
  if (context !== 'secrets') return [];
  if (steps.length === 1 || name === undefined || name === '*')
    return [{ name: everySecret, source: 'all-secrets', location }];
  const upper = name.toUpperCase();
  return [{ name: upper, source: upper === 'GITHUB_TOKEN' ? 'token' : 'secret', location }];
}

/** An expression that cannot be parsed still names what it names. */
function guessed(source: string, location: Location): SecretUse[] {
  return [...source.slice(0, 10_000).matchAll(/\bsecrets\.([A-Za-z_]\w{0,100})/g)].flatMap((match) =>
    secretOf(['secrets', match[1]], location),
  );
}

/** Secrets in all texts below a node; what aliases share is visited once. `skip` names members that are left out. */
export function secretsBelow(
  tree: YamlTree,
  node: YamlNode | undefined,
  skip: ReadonlySet<string> = new Set(),
): readonly SecretUse[] {
  const found: SecretUse[] = [];
  const seen = new Set<unknown>();
  const visit = (item: YamlNode | undefined, left: ReadonlySet<string>): void => {
    if (item === undefined) return;
    if (item.kind === 'scalar') {
      if (/secrets|github\.token/i.test(item.text))
        found.push(...secretsInText(item.text, locateSpan(tree, item.place)));
      return;
    }
    const content = item.kind === 'mapping' ? item.entries : item.items;
    if (seen.has(content)) return;
    seen.add(content);
    if (item.kind === 'sequence') for (const member of item.items) visit(member, new Set());
    else for (const entry of item.entries) if (!left.has(entry.key)) visit(entry.value, new Set());
  };
  visit(node, skip);
  return found;
}
