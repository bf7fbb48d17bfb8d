// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of manifests as Kubernetes does: at lines that begin with `---` and hold nothing else but blanks or a comment
// (apimachinery pkg/util/yaml/decoder.go, YAMLReader.Read).

export interface StreamPart {
  readonly text: string;
  /** Where the part begins in the stream. */
  readonly offset: number;
}

/** The parts between separators, empty ones included, in order. Linear in the length of the text. */
export function splitStream(text: string): StreamPart[] {
  const parts: StreamPart[] = [];
  let from = 0;
  let line = 0;
  while (line < text.length) {
    const newline = text.indexOf('\n', line);
    const next = newline === -1 ? text.length : newline + 1;
    if (text.startsWith('---', line) && isSeparator(text.slice(line + 3, next))) {
      if (line > from) parts.push({ text: text.slice(from, line), offset: from });
      from = next;
    }
    line = next;
  }
  if (from < text.length) parts.push({ text: text.slice(from), offset: from });
  return parts;
}

function isSeparator(rest: string): boolean {
  const trimmed = rest.trim();
  return trimmed === '' || trimmed.startsWith('#');
}
