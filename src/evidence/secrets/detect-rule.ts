// SPDX-License-Identifier: Apache-2.0
// Applies one rule to one pass over a fragment. The order of the questions is gitleaks' (detect/detect.go), so that its rules mean here what
// they mean there: path, expression, allow comment, group of the secret, entropy, allowlists of all rules, allowlists of the rule.
import type { CompiledRule, CompiledRules } from './compiled-rules.ts';
import type { DecodedPass } from './decode/decode-pass.ts';
import { placeInOriginal } from './decode/decode-pass.ts';
import { shannonEntropy } from './entropy.ts';
import type { KeywordHits } from './keyword-table.ts';
import type { Engine, SecretPattern } from './pattern.ts';
import type { Place, PlacedText } from './place.ts';
import { gitleaksPlaceOf, ownText, placeOf } from './place.ts';
import type { RawSecret, SecretFragment, SecretScanOptions } from './raw-secret.ts';

/** One look at the text of a fragment: as it is, or after a pass of decoding. */
export interface ScanPass {
  readonly rules: CompiledRules;
  readonly options: SecretScanOptions;
  readonly fragment: SecretFragment;
  /** Lines of the fragment as it was read. */
  readonly placed: () => PlacedText;
  /** Places of comments that allow what stands on their line, ascending. */
  readonly allowComments: () => readonly number[];
  readonly decoded: DecodedPass;
  readonly hits: KeywordHits;
}

/** Findings of a rule and, for a composite rule, those of the rules it requires near them. */
export function detectRule(pass: ScanPass, rule: CompiledRule, engine: Engine): readonly RawSecret[] {
  if (rule.rule.skipReport) return [];
  const found = findingsOf(pass, rule, engine);
  return rule.rule.required.length === 0 || found.length === 0 ? found : withRequired(pass, rule, { found, engine });
}

function findingsOf(pass: ScanPass, compiled: CompiledRule, engine: Engine): readonly RawSecret[] {
  const { fragment } = pass;
  const path = compiled.path();
  const regex = compiled.regex();
  if (path !== undefined) {
    const names = [fragment.path, fragment.windowsPath].filter((name) => name !== undefined);
    if (!names.some((name) => path(name))) return [];
  }
  // The allowlists come after the search: they need more time, and most searches find nothing.
  const spans = regex === undefined ? [] : spansOf(pass, compiled, { regex, engine });
  if (regex !== undefined && spans.length === 0) return [];
  if (compiled.allowlists().some((list) => list.allowsFragment(fragment))) return [];
  if (regex === undefined) return pass.decoded.segments.length === 0 ? [pathFinding(fragment, compiled)] : [];
  const findings: RawSecret[] = [];
  for (let at = 0; at + 1 < spans.length; at += 2) {
    const finding = judge(pass, compiled, { regex, engine, start: spans[at] ?? 0, end: spans[at + 1] ?? 0 });
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function pathFinding(fragment: SecretFragment, { rule }: CompiledRule): RawSecret {
  return {
    rule,
    kind: 'path',
    ...sourceOf(fragment),
    match: `file detected: ${fragment.path}`,
    secret: '',
    start: 0,
    end: 0,
    startLine: 0,
    endLine: 0,
    startColumn: 0,
    endColumn: 0,
    line: '',
    entropy: 0,
    tags: rule.tags,
    gitleaks: { startLine: 0, endLine: 0, startColumn: 0, endColumn: 0, line: '' },
    required: [],
  };
}

function sourceOf({ path, symlink, commit }: SecretFragment): Pick<RawSecret, 'path' | 'symlink' | 'commit'> {
  return { path, ...(symlink === undefined ? {} : { symlink }), ...(commit === undefined ? {} : { commit }) };
}

interface Searching {
  readonly regex: SecretPattern;
  readonly engine: Engine;
}

function spansOf(pass: ScanPass, compiled: CompiledRule, { regex, engine }: Searching): readonly number[] {
  return regex.spans({
    text: pass.decoded.text,
    isAscii: pass.hits.isAscii,
    engine,
    hits: compiled.keywords.length === 0 ? undefined : hitsOf(pass.hits, compiled.keywords),
  });
}

function hitsOf({ places }: KeywordHits, keywords: readonly number[]): readonly number[] {
  let only: readonly number[] | undefined;
  let all: number[] | undefined;
  for (const keyword of keywords) {
    const list = places[keyword];
    if (list === undefined) continue;
    if (only === undefined) only = list;
    else {
      all ??= [...only];
      for (const place of list) all.push(place);
    }
  }
  return all === undefined ? (only ?? []) : all.sort((a, b) => a - b);
}

interface Match extends Searching {
  readonly start: number;
  readonly end: number;
}

function judge(pass: ScanPass, compiled: CompiledRule, found: Match): RawSecret | undefined {
  const { fragment, decoded, options } = pass;
  const { rule } = compiled;
  const whole = decoded.text.slice(found.start, found.end);
  const lead = leadingBreaks(whole);
  const match = whole.slice(lead, whole.length - trailingBreaks(whole, lead));
  if (match === '') return undefined;
  const isDecoded = decoded.segments.length > 0;
  const original = isDecoded ? placeInOriginal(decoded, found) : undefined;
  if (isDecoded && original === undefined) return undefined;
  const span = original ?? { start: found.start + lead, end: found.start + lead + match.length };
  const placed = pass.placed();
  const place = placeOf(placed, span.start, span.end);
  if (options.ignoresAllowComments !== true && isAllowed(pass.allowComments(), place)) return undefined;
  const secret = secretIn(match, rule.secretGroup, found);
  if (secret === undefined) return undefined;
  const entropy = shannonEntropy(secret);
  if (rule.entropy !== 0 && entropy <= rule.entropy) return undefined;
  const gitleaks =
    original === undefined
      ? gitleaksPlaceOf(placed, found.start, found.start + match.length)
      : gitleaksPlaceOf(placed, span.start, span.end);
  // Allowlists of gitleaks are made for lines that begin with the break before them.
  const ownLine = `${place.startLine > placed.firstLine ? '\n' : ''}${place.line}`;
  const line = original === undefined || original.line === '' ? ownLine : original.line;
  const judged = { fragment, secret, match, line };
  if (pass.rules.allowlists().some((list) => list.allowsFinding(judged, found.engine))) return undefined;
  if (compiled.allowlists().some((list) => list.allowsFinding(judged, found.engine))) return undefined;
  return {
    rule,
    kind: 'text',
    ...sourceOf(fragment),
    match: ownText(match),
    secret: ownText(secret),
    startLine: place.startLine,
    endLine: place.endLine,
    startColumn: place.startColumn,
    endColumn: place.endColumn,
    line: place.line,
    start: span.start,
    end: span.end,
    entropy,
    tags: original === undefined ? rule.tags : [...rule.tags, ...original.tags],
    gitleaks,
    required: [],
  };
}

function isAllowed(comments: readonly number[], { lineStart, lineEnd }: Place): boolean {
  return comments.some((at) => at >= lineStart && at < lineEnd);
}

function leadingBreaks(text: string): number {
  let count = 0;
  while (text.charCodeAt(count) === 10) count += 1;
  return count;
}

function trailingBreaks(text: string, lead: number): number {
  let count = 0;
  while (count < text.length - lead && text.charCodeAt(text.length - 1 - count) === 10) count += 1;
  return count;
}

/**
 * The expression is run once more, on the match alone: an edge of a word there is an edge of the match. It may then match less or nothing;
 * the match itself is the secret then.
 */
function secretIn(match: string, group: number, { regex, engine }: Searching): string | undefined {
  if (regex.captures === 0) return match;
  const groups = regex.groups(match, engine);
  if (groups === undefined) return match;
  if (group > 0) return group > groups.length ? undefined : (groups[group - 1] ?? '');
  return groups.find((text) => text !== undefined && text !== '') ?? match;
}

/** Keeps the findings near which every required rule has found something. */
function withRequired(
  pass: ScanPass,
  { rule }: CompiledRule,
  { found, engine }: { readonly found: readonly RawSecret[]; readonly engine: Engine },
): readonly RawSecret[] {
  const byRule = rule.required.map((required) => {
    const compiled = pass.rules.byId.get(required.id);
    return { required, near: compiled === undefined ? [] : findingsOf(pass, compiled, engine) };
  });
  return found.flatMap((finding) => {
    const near = byRule.map(({ required, near: candidates }) =>
      candidates.filter(
        (other) =>
          Math.abs(finding.startLine - other.startLine) <= (required.withinLines ?? Number.POSITIVE_INFINITY) &&
          Math.abs(finding.gitleaks.startColumn - other.gitleaks.startColumn) <=
            (required.withinColumns ?? Number.POSITIVE_INFINITY),
      ),
    );
    return near.some((list) => list.length === 0) ? [] : [{ ...finding, required: near.flat() }];
  });
}
