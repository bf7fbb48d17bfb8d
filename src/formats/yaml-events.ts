// SPDX-License-Identifier: Apache-2.0
// The events of a YAML text, read as libyaml reads it where that is more lenient than YAML 1.2: inside brackets the indentation of a line does
// not matter, so that a closing bracket may stand below its key. GitHub and Kubernetes accept such files.
import type { Event } from 'js-yaml';
import { parseEvents, YAMLException } from 'js-yaml';

/** Lines that are mended in one text, and characters that may be read again for that. */
const mostMended = 50;
const mostReadAgain = 8_000_000;

/** Offsets are those of `text`. Throws YAMLException as js-yaml does. */
export function parseYamlEvents(text: string, maxDepth: number): Event[] {
  const most = Math.min(mostMended, Math.ceil(mostReadAgain / (text.length + 1)));
  let mended = text;
  for (let count = 0; ; count += 1) {
    try {
      return parseEvents(mended, { maxDepth });
    } catch (error) {
      const next = count < most ? withoutLineBreak(mended, error) : undefined;
      if (next === undefined) throw error;
      mended = next;
    }
  }
}

/** The text with the line that is indented too little joined to the one before it, by blanks, so that all offsets stay. */
function withoutLineBreak(text: string, error: unknown): string | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  const position = error.mark?.position ?? 0;
  const lineBreak = text.lastIndexOf('\n', position - 1);
  if (lineBreak === -1) return undefined;
  const lineStart = text.lastIndexOf('\n', lineBreak - 1) + 1;
  const line = text.slice(lineStart, lineBreak);
  // A comment at the end of the line would swallow what is joined to it.
  const comment = /(?:^|\s)#[^'"]*$/.exec(line);
  const blankFrom = comment === null ? lineBreak : lineStart + comment.index;
  const carriageReturn = text[lineBreak - 1] === '\r' ? 1 : 0;
  const from = Math.min(blankFrom, lineBreak - carriageReturn);
  return text.slice(0, from) + ' '.repeat(lineBreak + 1 - from) + text.slice(lineBreak + 1);
}
