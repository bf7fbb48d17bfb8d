// SPDX-License-Identifier: Apache-2.0
// Control files of Debian (deb822(5)): paragraphs of `Field: value`, continued by lines that begin with a blank.
import type { Problem } from '../model/problem.ts';
import { syntaxProblem } from './text.ts';

export interface ControlParagraph {
  /** By field name in lower case; continuation lines joined by line feeds, their first blank removed. */
  readonly fields: ReadonlyMap<string, string>;
  readonly line: number;
  readonly endLine: number;
}

export interface ControlFile {
  readonly paragraphs: readonly ControlParagraph[];
  readonly problems: readonly Problem[];
}

/** Reads all paragraphs. A line that is no field is a problem; the rest of its paragraph is still read. Never throws. */
export function parseControlFile(text: string, path: string): ControlFile {
  const paragraphs: ControlParagraph[] = [];
  const problems: Problem[] = [];
  let fields = new Map<string, string>();
  let start = 0;
  let end = 0;
  let last = '';
  const close = (): void => {
    if (fields.size > 0) paragraphs.push({ fields, line: start, endLine: end });
    fields = new Map();
    last = '';
  };
  let number = 0;
  for (const raw of text.split('\n')) {
    number += 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') {
      close();
      continue;
    }
    if (line.startsWith('#')) continue;
    const isContinuation = line.startsWith(' ') || line.startsWith('\t');
    const colon = isContinuation ? -1 : line.indexOf(':');
    if (isContinuation && last !== '') fields.set(last, `${fields.get(last) ?? ''}\n${line.slice(1)}`);
    else if (colon > 0 && !/\s/.test(line.slice(0, colon))) {
      if (fields.size === 0) start = number;
      last = line.slice(0, colon).toLowerCase();
      if (fields.has(last)) {
        problems.push(syntaxProblem(path, `field ${line.slice(0, colon)} stands twice in one paragraph`, number));
      }
      fields.set(last, line.slice(colon + 1).trim());
    } else problems.push(syntaxProblem(path, 'neither a field nor the continuation of one', number));
    end = number;
  }
  close();
  return { paragraphs, problems };
}
