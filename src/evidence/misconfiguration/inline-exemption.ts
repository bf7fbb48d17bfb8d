// SPDX-License-Identifier: Apache-2.0
// Comments that take checks out of the lines they stand at: `# landwaiter:ignore=<check>[,<check>] [until=2026-12-31] [reason]`,
// `# trivy:ignore:KSV-0012[:exp:2026-12-31]` and, for Dockerfiles, `# hadolint ignore=DL3008,DL3009`. Pure text in, exemptions out.

import type { Suppression } from '../../model/decision.ts';
import type { ExemptibleCheck } from './manifest-exemption.ts';

export interface InlineExemption {
  /** Line of the comment, counted from 1. */
  readonly line: number;
  /** The line it is about: its own when something stands before the comment, else the next one that is not a comment; 0 is the whole file. */
  readonly target: number;
  /** Whose notation it is; ids are read accordingly. */
  readonly notation: 'landwaiter' | 'trivy' | 'hadolint';
  /** As written; `*` and `all` take out every check. */
  readonly ids: readonly string[];
  /** `2026-12-31`: the last day it holds. */
  readonly until?: string;
  readonly reason: string;
}

const longestLine = 2000;
const longestList = 200;

/** All exemptions in a text with `#` comments, in order. Linear in the length of the text; comments of very long lines are not looked for. */
export function inlineExemptions(text: string): readonly InlineExemption[] {
  if (!/landwaiter:\s?ignore|trivy:ignore|hadolint\s/.test(text)) return [];
  const lines = text.split('\n');
  const found: InlineExemption[] = [];
  for (const [index, line] of lines.entries()) {
    const hash = line.length > longestLine ? -1 : line.indexOf('#');
    if (hash === -1) continue;
    const target = line.slice(0, hash).trim() === '' ? nextContent(lines, index + 1) : index;
    const isGlobal = /^#\s{0,8}hadolint\s{1,8}global\s/.test(line.slice(hash));
    for (const part of readComment(line.slice(hash)))
      found.push({ ...part, line: index + 1, target: isGlobal ? 0 : target + 1 });
  }
  return found;
}

function nextContent(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && /^\s*(?:#.*)?$/.test(lines[at] ?? '')) at += 1;
  return at;
}

function readComment(comment: string): Omit<InlineExemption, 'line' | 'target'>[] {
  const own = /landwaiter:\s?ignore[=:]\s?([\w*./,-]{1,2000})(?:\s(.{0,2000}))?/.exec(comment);
  if (own !== null) {
    const rest = own[2] ?? '';
    const until = /(?:^|\s)until=(\d{4}-\d\d-\d\d)(?:\s|$)/.exec(rest)?.[1];
    // A day that cannot be read would be no end at all.
    if (until === undefined && /(?:^|\s)until\s?[=:]/.test(rest)) return [];
    const reason = rest.replace(/(?:^|\s)until=\S{1,40}/, ' ').trim();
    return [{ notation: 'landwaiter', ids: listOf(own[1]), ...(until === undefined ? {} : { until }), reason }];
  }
  const hadolint = /#\s{0,8}hadolint\s{1,8}(?:global\s{1,8})?ignore\s{0,8}=\s{0,8}([\w ,-]{1,2000})/.exec(comment);
  if (hadolint !== null) return [{ notation: 'hadolint', ids: listOf(hadolint[1]), reason: '' }];
  return [...comment.matchAll(/trivy:ignore:([\w*.-]{1,200})((?::\w{1,10}:[\w.*-]{1,100}){0,4})/g)]
    .slice(0, longestList)
    .flatMap((match) => {
      const settings = match[2] ?? '';
      const until = /:exp:(\d{4}-\d\d-\d\d)(?::|$)/.exec(settings)?.[1];
      const behind = comment.slice(match.index + match[0].length, match.index + match[0].length + 5);
      if (until === undefined && `${settings}${behind}`.includes(':exp')) return [];
      return { notation: 'trivy', ids: [match[1] ?? ''], ...(until === undefined ? {} : { until }), reason: '' };
    });
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .slice(0, longestList);
}

export interface ExemptionPlace {
  readonly path: string;
  /** Lines at which a comment takes the finding out: its own and those of what it stands in. */
  readonly lines: ReadonlySet<number>;
  /** Day of the run, `2026-07-01`; without it expiry dates are not looked at. */
  readonly today?: string | undefined;
}

/** The first exemption that takes a check out at a place and has not expired. */
export function inlineExemptionOf(
  exemptions: readonly InlineExemption[],
  check: ExemptibleCheck,
  { path, lines, today }: ExemptionPlace,
): Suppression | undefined {
  const found = exemptions.find(
    (exemption) =>
      lines.has(exemption.target) &&
      (exemption.until === undefined || today === undefined || exemption.until >= today) &&
      exemption.ids.some((id) => isSameCheck(id, check)),
  );
  if (found === undefined) return undefined;
  return {
    by: 'ignore',
    source: `${path}:${found.line}`,
    reason: found.reason === '' ? 'exempted by a comment' : found.reason,
    ...(found.until === undefined ? {} : { expires: found.until }),
  };
}

function isSameCheck(id: string, check: ExemptibleCheck): boolean {
  if (id === '*' || id === 'all') return true;
  const wanted = plainId(id);
  return plainId(check.id) === wanted || check.aliases.some((alias) => plainId(alias) === wanted);
}

/** `AVD-KSV-0012`, `KSV-0012` and `KSV012` are the same check. */
function plainId(id: string): string {
  const upper = id.toUpperCase();
  const numbered = /^(?:AVD-)?([A-Z]{1,10})-?0{0,6}(\d{1,6})$/.exec(upper);
  return numbered === null ? upper : `${numbered[1]}-${numbered[2]}`;
}
