// SPDX-License-Identifier: Apache-2.0
// One fragment against all rules, pass by pass of decoding. Two ways that find the same: quickly, in one go, and carefully, where each rule
// has its own time and falls back to the linear matcher.
import type { Problem } from '../../model/problem.ts';
import type { CompiledRule, CompiledRules } from './compiled-rules.ts';
import type { DecodedPass } from './decode/decode-pass.ts';
import { decodePass } from './decode/decode-pass.ts';
import type { ScanPass } from './detect-rule.ts';
import { detectRule } from './detect-rule.ts';
import { withoutDoubles } from './generic-findings.ts';
import type { PlacedText } from './place.ts';
import { lineBreaksOf } from './place.ts';
import type { RawSecret, SecretFragment, SecretScanOptions } from './raw-secret.ts';
import { withinTime } from './time-guard.ts';

export interface FragmentRules {
  readonly rules: CompiledRules;
  readonly options: SecretScanOptions;
}

/** Milliseconds for one expression on one fragment. */
export const expressionTime = 250;

/** Slow rules of one fragment that are given the time; those after them are told and left. */
const mostSlowRules = 8;

const usualDecodeDepth = 5;

/** Without any bound of time: to be run in a guard. */
export function scanQuickly(fragment: SecretFragment, context: FragmentRules): readonly RawSecret[] {
  const found: RawSecret[] = [];
  forEachPass(fragment, context, (pass, rules) => {
    for (const rule of rules) for (const secret of detectRule(pass, rule, 'backtracking')) found.push(secret);
  });
  return withoutDoubles(found);
}

/** Not to be run in a guard. */
export function scanCarefully(
  fragment: SecretFragment,
  context: FragmentRules,
  problem: (problem: Problem) => void,
): readonly RawSecret[] {
  const found: RawSecret[] = [];
  const slow = new Set<string>();
  forEachPass(fragment, context, (pass, rules) => {
    for (const rule of rules) found.push(...detectCarefully(pass, rule, { slow, problem }));
  });
  return withoutDoubles(found);
}

function detectCarefully(
  pass: ScanPass,
  rule: CompiledRule,
  { slow, problem }: { readonly slow: Set<string>; readonly problem: (problem: Problem) => void },
): readonly RawSecret[] {
  const { id } = rule.rule;
  if (!slow.has(id)) {
    const quick = withinTime(expressionTime, () => detectRule(pass, rule, 'backtracking'));
    if (quick.kind === 'done') return quick.value;
    slow.add(id);
  }
  const isGivenTime = slow.size <= mostSlowRules;
  const linear = isGivenTime ? withinTime(expressionTime, () => detectRule(pass, rule, 'linear')) : undefined;
  if (linear?.kind === 'done') return linear.value;
  const line = pass.fragment.startLine ?? 1;
  const message = `the secret rule ${id} took more than ${expressionTime} ms on the part that begins at line ${line}; it was not applied there`;
  problem({ kind: 'limit', message, location: { path: pass.fragment.path, line }, hidesFindings: true });
  return [];
}

function forEachPass(
  fragment: SecretFragment,
  { rules, options }: FragmentRules,
  visit: (pass: ScanPass, rules: readonly CompiledRule[]) => void,
): void {
  const depth = options.decodeDepth ?? usualDecodeDepth;
  const { text } = fragment;
  const placed = placedOnce(text, fragment.startLine ?? 1);
  const allowComments = commentsOnce(text);
  let decoded: DecodedPass = { text, segments: [] };
  for (let round = 0; ; round += 1) {
    const bytes = (round === 0 ? fragment.bytes : undefined) ?? Buffer.from(decoded.text, 'latin1');
    const hits = rules.keywords.search(bytes);
    const awake = rules.wakened(hits);
    if (awake.length > 0) visit({ rules, options, fragment, placed, allowComments, decoded, hits }, awake);
    if (round >= depth) return;
    decoded = decodePass(decoded.text, decoded.segments, bytes);
    if (decoded.segments.length === 0) return;
  }
}

/** Line breaks are only looked for when something was found. */
function placedOnce(text: string, firstLine: number): () => PlacedText {
  let placed: PlacedText | undefined;
  return () => {
    placed ??= { text, lineBreaks: lineBreaksOf(text), firstLine, lines: new Map() };
    return placed;
  };
}

function commentsOnce(text: string): () => readonly number[] {
  let comments: readonly number[] | undefined;
  return () => {
    comments ??= Array.from(text.matchAll(/(?:gitleaks|landwaiter):allow/g), (match) => match.index);
    return comments;
  };
}
