// SPDX-License-Identifier: Apache-2.0
// Comments that take findings out of a line: `landwaiter: ignore[rule]` on the line or the one before, and ast-grep's `ast-grep-ignore`.

/** Tells whether a finding of a rule on a line (counted from 1) is taken out. */
export function ignoredLines(text: string): (rule: string, line: number) => boolean {
  // Most files hold no such comment; they shall not cost a pass over their lines.
  if (!text.includes('ast-grep-ignore') && !text.includes('landwaiter: ignore')) return () => false;
  const lines = text.split('\n');
  const listed = lines.map((line) => rulesIn(line));
  return (rule, line) =>
    covers(listed[line - 1], rule) || (isOnlyComment(lines[line - 2]) && covers(listed[line - 2], rule));
}

/** `all`, the rules that a comment names, or nothing. */
function rulesIn(line: string): 'all' | readonly string[] | undefined {
  const own = /landwaiter: ignore(?:\[([^\]]{0,500})\])?/.exec(line);
  const foreign = /ast-grep-ignore(?::([\w\s,.-]{0,500}))?/.exec(line);
  const found = own ?? foreign;
  if (found === null) return undefined;
  const names = (found[1] ?? '').split(',').map((name) => name.trim());
  return names.every((name) => name === '') ? 'all' : names;
}

function covers(listed: 'all' | readonly string[] | undefined, rule: string): boolean {
  return listed === 'all' || (listed?.includes(rule) ?? false);
}

/** A comment behind code speaks of its own line only. */
function isOnlyComment(line: string | undefined): boolean {
  return line !== undefined && /^\s{0,500}(?:\/\/|#|\/\*|<!--|--|\*)/.test(line);
}
