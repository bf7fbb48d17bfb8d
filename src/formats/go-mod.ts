// SPDX-License-Identifier: Apache-2.0
// go.mod and go.work. Grammar: https://go.dev/ref/mod#go-mod-file-grammar and #go-work-file
import type { Location } from '../model/location.ts';
import type { Problem } from '../model/problem.ts';
import { decodeText, syntaxProblem } from './text.ts';

export interface GoModule {
  readonly path: string;
  /** With its `v`, as in the file; empty where a replacement names none. */
  readonly version: string;
}

export interface GoRequirement extends GoModule {
  readonly isIndirect: boolean;
  readonly location: Location;
}

export interface GoReplacement {
  readonly from: GoModule;
  /** A module, or a folder (`./fork`, `/abs`) with an empty version. */
  readonly to: GoModule;
  readonly location: Location;
}

export interface GoModFile {
  readonly module: (GoModule & { readonly location: Location }) | undefined;
  /** Minimum Go version: `1.21`, `1.21.3`. */
  readonly go: { readonly version: string; readonly location: Location } | undefined;
  /** `go1.21.3-suffix`, as in the file. */
  readonly toolchain: { readonly version: string; readonly location: Location } | undefined;
  readonly requirements: readonly GoRequirement[];
  readonly replacements: readonly GoReplacement[];
  readonly exclusions: readonly GoModule[];
  /** Folders of a go.work file. */
  readonly uses: readonly { readonly folder: string; readonly location: Location }[];
  readonly problems: readonly Problem[];
}

/** Directives without meaning for the module graph. */
const otherDirectives: ReadonlySet<string> = new Set(['retract', 'tool', 'godebug', 'ignore']);

/** Problems of one file that are told one by one. */
const maximumProblems = 20;

/** Reads one go.mod or go.work. Never throws; lines that are not of the format are problems, the rest is read. */
export function parseGoMod(bytes: Uint8Array, path: string): GoModFile {
  const { text, problems } = decodeText(bytes, path);
  const reader = new GoModReader(path, [...problems]);
  for (const [index, line] of text.split('\n').entries()) reader.line(line, index + 1);
  return reader.file();
}

interface Line {
  readonly directive: string;
  readonly words: readonly string[];
  readonly comment: string;
  readonly location: Location;
}

class GoModReader {
  readonly #path: string;
  readonly #problems: Problem[];
  readonly #requirements: GoRequirement[] = [];
  readonly #replacements: GoReplacement[] = [];
  readonly #exclusions: GoModule[] = [];
  readonly #uses: { folder: string; location: Location }[] = [];
  #module: GoModFile['module'];
  #go: GoModFile['go'];
  #toolchain: GoModFile['toolchain'];
  /** Directive of the open block. */
  #block: string | undefined;

  constructor(path: string, problems: Problem[]) {
    this.#path = path;
    this.#problems = problems;
  }

  line(raw: string, number: number): void {
    const { words, comment } = splitLine(raw);
    if (words.length === 0) return;
    const location = { path: this.#path, line: number };
    if (this.#block !== undefined) {
      if (words[0] === ')') this.#block = undefined;
      else this.#directive({ directive: this.#block, words, comment, location });
      return;
    }
    const [directive = '', ...rest] = words;
    if (rest[0] === '(' && rest.length === 1) this.#block = directive;
    else this.#directive({ directive, words: rest, comment, location });
  }

  file(): GoModFile {
    if (this.#block !== undefined) this.#problem('the file ends inside a block', { path: this.#path });
    return {
      module: this.#module,
      go: this.#go,
      toolchain: this.#toolchain,
      requirements: this.#requirements,
      replacements: this.#replacements,
      exclusions: this.#exclusions,
      uses: this.#uses,
      problems: this.#problems,
    };
  }

  #directive(line: Line): void {
    const { directive, words, location } = line;
    const [first = '', second = ''] = words;
    if (directive === 'module' && words.length === 1) this.#module = { path: first, version: '', location };
    else if (directive === 'go' && words.length === 1) this.#go = { version: first, location };
    else if (directive === 'toolchain' && words.length === 1) this.#toolchain = { version: first, location };
    else if (directive === 'require' && words.length === 2) {
      const isIndirect = /^indirect(?:$|[;\s])/.test(line.comment);
      this.#requirements.push({ path: first, version: second, isIndirect, location });
    } else if (directive === 'exclude' && words.length === 2) this.#exclusions.push({ path: first, version: second });
    else if (directive === 'use' && words.length === 1) this.#uses.push({ folder: first, location });
    else if (directive === 'replace') this.#replace(line);
    else if (!otherDirectives.has(directive))
      this.#problem(`${JSON.stringify(directive)} is not a directive of this form`, location);
  }

  #replace(line: Line): void {
    const arrow = line.words.indexOf('=>');
    const [path, version = '', ...more] = line.words.slice(0, arrow === -1 ? 0 : arrow);
    const [toPath, toVersion = '', ...evenMore] = line.words.slice(arrow + 1);
    if (path === undefined || toPath === undefined || more.length > 0 || evenMore.length > 0) {
      this.#problem('a replacement that is not `module [version] => place [version]`', line.location);
      return;
    }
    const to = { path: toPath, version: toVersion };
    this.#replacements.push({ from: { path, version }, to, location: line.location });
  }

  #problem(message: string, location: Location): void {
    if (this.#problems.length < maximumProblems) {
      this.#problems.push(syntaxProblem(this.#path, `not a go.mod file: ${message}`, location.line));
    }
  }
}

/** Words and the text of the comment. Words may be quoted with `"` or a back quote. */
function splitLine(raw: string): { readonly words: string[]; readonly comment: string } {
  const words: string[] = [];
  let at = 0;
  while (at < raw.length) {
    const character = raw.charAt(at);
    if (/\s/.test(character)) at += 1;
    else if (raw.startsWith('//', at)) return { words, comment: raw.slice(at + 2).trim() };
    else if (character === '"' || character === '`') {
      const close = raw.indexOf(character, at + 1);
      const end = close === -1 ? raw.length : close;
      words.push(raw.slice(at + 1, end));
      at = end + 1;
    } else if (character === '(' || character === ')') {
      words.push(character);
      at += 1;
    } else {
      const end = endOfWord(raw, at);
      words.push(raw.slice(at, end));
      at = end;
    }
  }
  return { words, comment: '' };
}

function endOfWord(raw: string, start: number): number {
  for (let at = start; at < raw.length; at += 1) {
    if (/[\s()]/.test(raw.charAt(at)) || raw.startsWith('//', at)) return at;
  }
  return raw.length;
}

/** A replacement by a folder begins with `./`, `../` or is absolute (Go modules reference, replace directive). */
export function isGoFolder(path: string): boolean {
  return /^(?:\.{1,2}(?:\/|\\|$)|\/|[A-Za-z]:[\\/])/.test(path);
}
