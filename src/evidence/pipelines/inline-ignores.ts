// SPDX-License-Identifier: Apache-2.0
// `# landwaiter: ignore[check]` on a line of a finding, or alone on the line before it; `//` in Jenkinsfiles. Comments of zizmor and actionlint are honoured
// by their own parts of the audit.
import type { PipelineFinding } from '../../model/pipeline-finding.ts';

export class InlineIgnores {
  readonly #textAt: (path: string) => string | undefined;
  readonly #files = new Map<string, ReadonlyMap<number, ReadonlySet<string>>>();

  constructor(textAt: (path: string) => string | undefined) {
    this.#textAt = textAt;
  }

  /** By the id of the check, or what others call it. */
  silence({ id, aliases, locations }: PipelineFinding): boolean {
    const names = [id, ...aliases, ...aliases.map((alias) => alias.slice(alias.indexOf('/') + 1))];
    return locations.some(({ path, line, endLine }) => {
      if (line === undefined) return false;
      const lines = this.#linesOf(path);
      if (lines.size === 0) return false;
      for (let at = line; at <= Math.min(endLine ?? line, line + longestFinding); at += 1) {
        const ignored = lines.get(at);
        if (ignored !== undefined && names.some((name) => ignored.has(name))) return true;
      }
      return false;
    });
  }

  #linesOf(path: string): ReadonlyMap<number, ReadonlySet<string>> {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const found = ignoredLines(this.#textAt(path) ?? '');
    this.#files.set(path, found);
    return found;
  }
}

/** Lines of a finding that are looked at. */
const longestFinding = 500;

function ignoredLines(text: string): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  if (!text.includes('landwaiter:')) return found;
  for (const [index, line] of text.split('\n').entries()) {
    const match = /(?:#|\/\/)\s{0,10}landwaiter:\s{0,10}ignore\[([^\]]{1,1000})\]/.exec(line.slice(0, 10_000));
    if (match === null) continue;
    const names = (match[1] ?? '').split(',').map((name) => name.trim());
    const isAlone = /^\s*(?:#|\/\/)/.test(line);
    for (const at of isAlone ? [index + 1, index + 2] : [index + 1])
      found.set(at, new Set([...(found.get(at) ?? []), ...names]));
  }
  return found;
}
