// SPDX-License-Identifier: Apache-2.0
// Dockerfiles as a list of instructions with lines: continuations, comments, the escape directive and here-documents are resolved.
// https://docs.docker.com/reference/dockerfile/
export interface DockerInstruction {
  /** Upper case: FROM, ARG, COPY ... */
  readonly keyword: string;
  /** Everything after the keyword, continuation lines joined by a blank; here-document bodies are left out. */
  readonly value: string;
  readonly line: number;
  readonly endLine: number;
  /** Bodies of the here-documents it opens, in order; absent when there are none. */
  readonly hereDocuments?: readonly HereDocument[];
}

export interface HereDocument {
  readonly name: string;
  /** Lines without those that open and close it; leading tabs are gone where `<<-` asks for it. */
  readonly body: string;
  /** First line of the body. */
  readonly line: number;
}

/** Reads all instructions. Never fails: a line that is no instruction has its first word as keyword. */
export function parseDockerfile(text: string): readonly DockerInstruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = escapeCharacter(lines);
  const instructions: DockerInstruction[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    const first = (lines[index] ?? '').trim();
    if (first === '' || first.startsWith('#')) continue;
    const parts: string[] = [];
    let last = first;
    while (last.endsWith(escape) && index + 1 < lines.length) {
      index += 1;
      const next = (lines[index] ?? '').trim();
      // Comments and empty lines inside a continued instruction are passed over.
      if (next === '' || next.startsWith('#')) continue;
      parts.push(last.slice(0, -1).trimEnd());
      last = next;
    }
    const joined = [...parts, last].join(' ');
    const blank = joined.search(/\s/);
    const keyword = (blank === -1 ? joined : joined.slice(0, blank)).toUpperCase();
    const value = blank === -1 ? '' : joined.slice(blank + 1).trim();
    const opens = keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD' || keyword === 'ONBUILD';
    const { documents, end } = opens ? readHereDocuments(lines, index, value) : { documents: [], end: index };
    index = end;
    const hereDocuments = documents.length === 0 ? {} : { hereDocuments: documents };
    instructions.push({ keyword, value, line: start + 1, endLine: index + 1, ...hereDocuments });
  }
  return instructions;
}

/** `# escape=` counts only among the directives at the top. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^#\s{0,40}([a-z]{1,20})\s{0,40}=\s{0,40}(\S{1,200})\s*$/i.exec(line.trim());
    if (directive === null) return '\\';
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** The here-documents that an instruction opens (`<<EOF`, `<<-"EOF"`), and the index of their last line. One that is never closed is none. */
function readHereDocuments(
  lines: readonly string[],
  from: number,
  value: string,
): { readonly documents: readonly HereDocument[]; readonly end: number } {
  const documents: HereDocument[] = [];
  let index = from;
  for (const match of withoutQuoted(value).matchAll(/<<(-?)["']?([A-Za-z_]\w{0,100})["']?/g)) {
    const name = match[2] ?? '';
    const stripsTabs = match[1] === '-';
    const end = lines.findIndex((line, at) => at > index && line.trim() === name);
    if (end === -1) continue;
    const body = lines.slice(index + 1, end).map((line) => (stripsTabs ? line.replace(/^\t+/, '') : line));
    documents.push({ name, body: body.join('\n'), line: index + 2 });
    index = end;
  }
  return { documents, end: index };
}

/** `"<<EOF"` is a text and opens nothing; `<<"EOF"` is a name in quotes. Else what follows a text would be taken for a body. */
function withoutQuoted(value: string): string {
  if (!value.includes('<<')) return '';
  return value
    .replace(/(<<-?)(["'])([A-Za-z_]\w{0,100})\2/g, '$1$3')
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
}
