// SPDX-License-Identifier: Apache-2.0
// `# zizmor: ignore[check, check]` on a line of a finding. https://docs.zizmor.sh/usage/#ignoring-results
import type { Span } from '../../../formats/span.ts';
import type { YamlTree } from '../../../formats/yaml-tree.ts';

/** The comments of one file that silence something. */
export class IgnoreComments {
  readonly #tree: YamlTree;
  readonly #byLine = new Map<number, ReadonlySet<string>>();

  constructor(tree: YamlTree) {
    this.#tree = tree;
    for (const comment of tree.comments) {
      const match = /(?:^|#)\s*(?:zizmor|landwaiter):\s*ignore\[([^\]]{1,1000})\]/.exec(comment.text);
      if (match === null) continue;
      this.#byLine.set(comment.line, new Set((match[1] ?? '').split(',').map((name) => name.trim())));
    }
  }

  /** Whether a comment on one of the lines of one of the spans names the check. */
  silence(check: string, spans: readonly Span[]): boolean {
    if (this.#byLine.size === 0) return false;
    return spans.some((span) => {
      const first = this.#tree.lines.lineAt(span.start);
      const last = this.#tree.lines.lineAt(Math.max(span.start, span.end - 1));
      if (last - first > this.#byLine.size)
        return [...this.#byLine].some(([line, names]) => line >= first && line <= last && names.has(check));
      for (let line = first; line <= last; line += 1) if (this.#byLine.get(line)?.has(check) === true) return true;
      return false;
    });
  }
}
