// SPDX-License-Identifier: Apache-2.0
// pip's requirements file format (https://pip.pypa.io/en/stable/reference/requirements-file-format): logical lines, options and
// comments. Reads one file; it follows no includes.
import type { PythonRequirement } from './pep508.ts';
import { parseRequirement } from './pep508.ts';

export type RequirementLine =
  | {
      readonly kind: 'requirement';
      readonly requirement: PythonRequirement;
      readonly hashes: readonly string[];
      /** First and last line of the requirement itself, without the options after it. */
      readonly line: number;
      readonly endLine: number;
      /** What pip-compile says it is there for (`# via flask`, `# via -r requirements.in`). */
      readonly via: readonly string[];
    }
  /** `-r FILE` or `-c FILE`. */
  | { readonly kind: 'include' | 'constraints'; readonly file: string; readonly line: number }
  /** A URL, archive or folder that stands for a package (`-e ./src`, `https://…/x.whl`). */
  | { readonly kind: 'reference'; readonly target: string; readonly line: number; readonly hashes: readonly string[] }
  | { readonly kind: 'unreadable'; readonly text: string; readonly line: number };

/** A requirement with hundreds of hashes has about 20,000 characters. */
const longestLine = 1_000_000;

interface LogicalLine {
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
}

/** All lines that mean something, in order. Options that say nothing about packages (`--index-url`) are left out. */
export function parseRequirementsFile(text: string): readonly RequirementLine[] {
  const found: RequirementLine[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (const logical of logicalLines(lines)) {
    const read = readLine(logical, lines);
    if (read !== undefined) found.push(read);
  }
  return found;
}

/** Joins lines that end in a backslash; a comment line inside a continuation ends it, as pip has it. */
function logicalLines(lines: readonly string[]): LogicalLine[] {
  const found: LogicalLine[] = [];
  let parts: string[] = [];
  let start = 0;
  let endOfRequirement = 0;
  const flush = (): void => {
    const text = parts.join(' ').trim();
    if (text !== '') found.push({ text, line: start + 1, endLine: endOfRequirement + 1 });
    parts = [];
  };
  for (const [index, raw] of lines.entries()) {
    const line = withoutComment(raw);
    if (parts.length === 0) {
      start = index;
      endOfRequirement = index;
    } else if (/^\s*[^\s-]/.test(line)) endOfRequirement = index;
    const continues = line.endsWith('\\') && line === raw.trimEnd();
    parts.push((continues ? line.slice(0, -1) : line).trim());
    if (!continues) flush();
  }
  flush();
  return found;
}

/** A `#` at the beginning or after white space starts a comment. */
function withoutComment(line: string): string {
  const at = line.search(/(?:^|\s)#/);
  return (at === -1 ? line : line.slice(0, at)).trimEnd();
}

function readLine(logical: LogicalLine, lines: readonly string[]): RequirementLine | undefined {
  const { text, line } = logical;
  if (text.length > longestLine) return { kind: 'unreadable', text: text.slice(0, 80), line };
  const include = /^(?:-r|--requirements?)(?:\s+|=|(?<=-r))(\S.*)$/.exec(text)?.[1];
  if (include !== undefined) return { kind: 'include', file: unquote(include), line };
  const constraints = /^(?:-c|--constraints?)(?:\s+|=|(?<=-c))(\S.*)$/.exec(text)?.[1];
  if (constraints !== undefined) return { kind: 'constraints', file: unquote(constraints), line };

  const { body, hashes } = splitOptions(text);
  const editable = /^(?:-e|--editable)(?:\s+|=)(.+)$/.exec(body)?.[1];
  if (editable !== undefined) return { kind: 'reference', target: unquote(editable), line, hashes };
  if (body === '' || body.startsWith('-')) return undefined;

  // Not pip's rule, but Trivy's and Syft's: a `#` without a space before it also ends a version.
  const requirement = parseRequirement(body) ?? parseRequirement(body.replace(/#.*$/, ''));
  if (requirement !== undefined) {
    const { endLine } = logical;
    return { kind: 'requirement', requirement, hashes, line, endLine, via: viaAfter(lines, logical) };
  }
  const target = (body.split(/\s;/)[0] ?? '').trim();
  if (isReference(target)) return { kind: 'reference', target, line, hashes };
  return { kind: 'unreadable', text: body, line };
}

/** Options of one requirement: `--hash=sha256:…`, `--config-settings`, `--global-option`, `-C`. */
function splitOptions(text: string): { body: string; hashes: string[] } {
  const hashes = [...text.matchAll(/--hash(?:=|\s+)([A-Za-z0-9]+:[A-Za-z0-9]+)/g)].map((match) => match[1] ?? '');
  const at = text.search(/\s(?:--[a-z]|-C)/);
  return { body: (at === -1 ? text : text.slice(0, at)).trim(), hashes };
}

function isReference(target: string): boolean {
  if (/\s/.test(target)) return false;
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ||
    /^(?:\.{1,2}(?:\/|$)|\/)/.test(target) ||
    /\.(?:whl|zip|tar\.gz)$/.test(target)
  );
}

/** The comment block that pip-compile and uv write after (or behind) a requirement. */
function viaAfter(lines: readonly string[], logical: LogicalLine): readonly string[] {
  const via: string[] = [];
  let isOpen = false;
  for (let index = logical.line - 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    // After the first line only comment lines and lines of options belong to the requirement.
    if (index > logical.line - 1 && !/^\s+--|^\s*#|\\\s*$/.test(line) && index >= logical.endLine) break;
    const comment = /(?:^|\s)#\s*(.*)$/.exec(line)?.[1]?.trim();
    if (comment === undefined) continue;
    const start = /^via(?:\s+(.*))?$/.exec(comment);
    if (start !== null) {
      isOpen = true;
      if (start[1] !== undefined) via.push(...start[1].split(',').map((item) => item.trim()));
    } else if (!/^\s/.test(line)) break;
    else if (isOpen && comment !== '') via.push(comment);
  }
  return via.filter((item) => item !== '');
}

function unquote(text: string): string {
  return text.trim().replace(/^["'](.*)["']$/, '$1');
}
