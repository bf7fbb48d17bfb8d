// SPDX-License-Identifier: Apache-2.0
// The history of a repository as the lines that each commit adds, from the patches of `git log -p -U0` while they come. A patch of -U0 has
// no context: in each hunk the lines that go, then the lines that come.

export interface HistoryCommit {
  readonly id: string;
  readonly author: string;
  readonly email: string;
  /** RFC 3339, UTC, whole seconds. */
  readonly date: string;
  readonly message: string;
}

export interface AddedLines {
  readonly commit: HistoryCommit;
  readonly path: string;
  /** Bytes, one character each (latin1), with their line breaks. */
  readonly text: string;
  /** Line of the first in the file, as of the commit. */
  readonly startLine: number;
}

/** A file that git takes for binary. */
export interface BinaryChange {
  readonly commit: HistoryCommit;
  readonly path: string;
  /** The blob as of the commit. */
  readonly object: string;
}

export interface HistoryVisitor {
  lines(added: AddedLines): void;
  binary?(change: BinaryChange): void;
  /** A hunk larger than can be held; `bytes` of it were left out. */
  cut?(path: string, commit: HistoryCommit): void;
}

/** Most bytes of one line or of one hunk that are held. Hunks beyond are handed over in parts, lines beyond are cut. */
const mostHeld = 8 * 1024 * 1024;

/** Takes the stream in pieces of any size. */
export class PatchReader {
  readonly #visitor: HistoryVisitor;
  #rest = '';
  /** Characters of the rest in which there is no line break. */
  #searched = 0;
  #commit: HistoryCommit | undefined;
  #path = '';
  #object = '';
  /** Lines of the present hunk that are still to come. */
  #removed = 0;
  #added = 0;
  #startLine = 0;
  #parts: string[] = [];
  #held = 0;

  constructor(visitor: HistoryVisitor) {
    this.#visitor = visitor;
  }

  push(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    let at = 0;
    for (;;) {
      if (text.charCodeAt(at) === 0) {
        const end = headEnd(text, at);
        if (end === -1) break;
        this.#begin(text.slice(at, end));
        // A line break follows the head.
        at = end + 1;
        continue;
      }
      const newline = text.indexOf('\n', Math.max(at, this.#searched));
      this.#searched = 0;
      if (newline === -1) break;
      at = this.#takeLine(text, at, newline);
    }
    this.#rest = text.slice(at);
    this.#searched = this.#rest.charCodeAt(0) === 0 ? 0 : this.#rest.length;
    if (this.#rest.length > mostHeld && this.#rest.charCodeAt(0) !== 0) this.#cutLine();
  }

  end(): void {
    if (this.#rest !== '') this.#takeLine(`${this.#rest}\n`, 0, this.#rest.length);
    this.#rest = '';
    this.#finishHunk();
  }

  /** Keeps the first character, by which the rest is still known for what it is. */
  #cutLine(): void {
    if (this.#commit !== undefined) this.#visitor.cut?.(this.#path, this.#commit);
    this.#rest = this.#rest.slice(0, mostHeld >> 1);
    this.#searched = this.#rest.length;
  }

  #begin(head: string): void {
    this.#finishHunk();
    const fields = Buffer.from(head, 'latin1').toString('utf8').split('\0');
    const [, id = '', author = '', email = '', seconds = '', message = ''] = fields;
    const date = new Date(Number(seconds) * 1000);
    this.#commit = {
      id,
      author,
      email,
      date: Number.isNaN(date.getTime()) ? '' : date.toISOString().replace('.000Z', 'Z'),
      message: message.trim(),
    };
    this.#path = '';
  }

  /** Gives the place behind what was taken. */
  #takeLine(text: string, at: number, newline: number): number {
    const first = text.charCodeAt(at);
    if (this.#removed > 0 && first === 0x2d) this.#removed -= 1;
    else if (this.#added > 0 && first === 0x2b) {
      this.#added -= 1;
      this.#parts.push(text.slice(at + 1, newline + 1));
      this.#held += newline - at;
      if (this.#held > mostHeld) this.#handOver();
    } else if (first === 0x5c) this.#dropLastBreak();
    else this.#takeHeader(text.slice(at, newline));
    return newline + 1;
  }

  /** `\ No newline at end of file` speaks of the line before. */
  #dropLastBreak(): void {
    const last = this.#parts.at(-1);
    if (this.#added === 0 && last !== undefined) this.#parts[this.#parts.length - 1] = last.slice(0, -1);
  }

  #takeHeader(line: string): void {
    this.#finishHunk();
    if (line.startsWith('@@ ')) {
      const match = /^@@ -\d{1,12}(?:,(\d{1,12}))? \+(\d{1,12})(?:,(\d{1,12}))? @@/.exec(line);
      this.#removed = Number(match?.[1] ?? 1);
      this.#added = Number(match?.[3] ?? 1);
      this.#startLine = Number(match?.[2] ?? 0);
    } else if (line.startsWith('diff --git ')) {
      this.#path = '';
      this.#object = '';
    } else if (line.startsWith('index ')) this.#object = /\.\.([0-9a-f]{40,64})/.exec(line)?.[1] ?? '';
    else if (line.startsWith('+++ ')) this.#path = pathIn(line.slice(4));
    else if (line.startsWith('Binary files ')) this.#binary(line);
  }

  #binary(line: string): void {
    const commit = this.#commit;
    const path = pathIn(/ and (.+) differ$/.exec(line)?.[1] ?? '');
    if (commit !== undefined && path !== '' && this.#object !== '')
      this.#visitor.binary?.({ commit, path, object: this.#object });
  }

  #handOver(): void {
    const text = this.#parts.join('');
    const lines = this.#parts.length;
    this.#parts = [];
    this.#held = 0;
    if (this.#commit !== undefined && this.#path !== '' && text !== '')
      this.#visitor.lines({ commit: this.#commit, path: this.#path, text, startLine: this.#startLine });
    this.#startLine += lines;
  }

  #finishHunk(): void {
    if (this.#parts.length > 0) this.#handOver();
    this.#removed = 0;
    this.#added = 0;
  }
}

/** End of the head of a commit, behind its sixth NUL; -1 when it is not there yet. */
function headEnd(text: string, start: number): number {
  let at = start;
  for (let count = 0; count < 5; count += 1) {
    at = text.indexOf('\0', at + 1);
    if (at === -1) return -1;
  }
  return at + 1 < text.length ? at + 1 : -1;
}

/** `b/path`, quoted as in C where it holds signs; the empty text for `/dev/null`. */
function pathIn(word: string): string {
  const plain = word.endsWith('\t') ? word.slice(0, -1) : word;
  if (plain === '/dev/null') return '';
  const bytes = plain.startsWith('"') ? unquote(plain) : plain;
  return Buffer.from(bytes.replace(/^b\//, ''), 'latin1').toString('utf8');
}

const quotedSigns: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

function unquote(word: string): string {
  return word
    .slice(1, -1)
    .replace(/\\(?:([0-7]{3})|(.))/g, (_all, octal: string | undefined, sign: string | undefined) =>
      octal === undefined ? (quotedSigns[sign ?? ''] ?? sign ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}
