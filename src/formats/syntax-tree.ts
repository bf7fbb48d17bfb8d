// SPDX-License-Identifier: Apache-2.0
// Syntax trees of programming languages as code rules see them: which languages there are, what can be asked of a tree. Parsing itself is
// io/syntax-engine.ts, because parsers are native libraries.
import type { JsonObject } from './document.ts';

/** Languages by the names that ast-grep gives them, in lower case. */
export const codeLanguages = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'css',
  'go',
  'html',
  'java',
  'javascript',
  'kotlin',
  'php',
  'python',
  'ruby',
  'rust',
  'scala',
  'swift',
  'tsx',
  'typescript',
] as const;
export type CodeLanguage = (typeof codeLanguages)[number];

/** What the syntax engine is asked for: the members of a rule that describe trees. */
export interface CodeMatcher {
  readonly rule: JsonObject;
  readonly constraints?: JsonObject;
  readonly utils?: JsonObject;
  readonly transform?: JsonObject;
}

/** Reads trees; handed in, because parsers are native libraries that may be absent. */
export interface SyntaxEngine {
  readonly languages: ReadonlySet<CodeLanguage>;
  /** Undefined when the text cannot be read in this language. */
  parse(language: CodeLanguage, text: string): SyntaxTree | undefined;
}

export interface SyntaxTree {
  /** All matches in document order. Throws when the matcher is none. */
  find(matcher: CodeMatcher): readonly SyntaxMatch[];
}

export interface SyntaxMatch {
  readonly text: string;
  /** Offsets in UTF-16 code units; lines and columns counted from 1. */
  readonly start: SyntaxPosition;
  readonly end: SyntaxPosition;
  /** What `$NAME` caught, or all nodes of `$$$NAME` with what stands between them. */
  variable(name: string): string | undefined;
}

export interface SyntaxPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** The language of a file by the end of its name; undefined for files that no rule can be for. */
export function languageOfFile(path: string): CodeLanguage | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1);
  return dot !== -1 && Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined;
}

const byExtension: Readonly<Record<string, CodeLanguage>> = {
  bash: 'bash',
  sh: 'bash',
  c: 'c',
  h: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  cxx: 'cpp',
  hh: 'cpp',
  hpp: 'cpp',
  hxx: 'cpp',
  cs: 'csharp',
  css: 'css',
  go: 'go',
  htm: 'html',
  html: 'html',
  java: 'java',
  cjs: 'javascript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  kt: 'kotlin',
  kts: 'kotlin',
  php: 'php',
  py: 'python',
  pyi: 'python',
  rb: 'ruby',
  rs: 'rust',
  scala: 'scala',
  swift: 'swift',
  tsx: 'tsx',
  cts: 'typescript',
  mts: 'typescript',
  ts: 'typescript',
};

const languageNames: ReadonlyMap<string, CodeLanguage> = new Map([
  ...codeLanguages.map((language): [string, CodeLanguage] => [language, language]),
  ['c++', 'cpp'],
  ['c#', 'csharp'],
  ['cs', 'csharp'],
  ['golang', 'go'],
  ['js', 'javascript'],
  ['jsx', 'javascript'],
  ['kt', 'kotlin'],
  ['py', 'python'],
  ['rb', 'ruby'],
  ['rs', 'rust'],
  ['sh', 'bash'],
  ['ts', 'typescript'],
]);

/** Reads the name of a language as rule files write it (`Cpp`, `JavaScript`, `ts`). */
export function parseCodeLanguage(name: string): CodeLanguage | undefined {
  return languageNames.get(name.trim().toLowerCase());
}
