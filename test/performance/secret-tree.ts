// SPDX-License-Identifier: Apache-2.0
// A generated tree of source code with secrets in it, made once and kept in the temporary folder. Words, indentation and identifiers as
// programs have them, because a search for keywords is as fast as keywords are rare.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The same numbers in every run: the generator of Park and Miller. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

const words =
  'value index result request response context options config client server handler user name path file line key token access data event error message state count total limit start end next previous parent child node tree list item entry record field column table row query filter order group page size width height color image style theme button input output stream buffer reader writer parser lexer module import export default function return const class interface extends implements public private static async await promise callback timeout retry cache store session auth secret password login logout account profile settings feature version release build test mock stub assert expect describe before after each setup teardown'.split(
    ' ',
  );

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** One file of about `bytes` bytes; every fortieth line of a file in a hundred holds something that looks like a secret. */
export function sourceFile(next: (below: number) => number, bytes: number): string {
  const word = (): string => words[next(words.length)] ?? '';
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  const name = (): string =>
    Array.from({ length: 1 + next(3) }, (_item, at) => (at === 0 ? word() : capital(word()))).join('');
  const random = (count: number): string =>
    Array.from({ length: count }, () => alphabet.charAt(next(alphabet.length))).join('');
  const isLeaky = next(100) === 0;
  const lines: string[] = [];
  for (let size = 0; size < bytes; ) {
    const indent = '  '.repeat(next(5));
    const kind = next(8);
    const line =
      isLeaky && next(40) === 0
        ? `${indent}const ${name()} = "ghp_${random(36)}";`
        : kind === 0
          ? `${indent}// ${Array.from({ length: 4 + next(10) }, word).join(' ')}`
          : kind === 1
            ? `${indent}if (${name()}.${name()} === ${name()}) {`
            : kind === 2
              ? `${indent}const ${name()} = ${name()}.${name()}(${name()}, '${word()}-${word()}');`
              : kind === 3
                ? `${indent}return ${name()}(${name()}, { ${word()}: ${name()}, ${word()}: ${next(1000)} });`
                : kind === 4
                  ? ''
                  : kind === 5
                    ? `${indent}}`
                    : kind === 6
                      ? `${indent}${name()}.${name()} = ${name()} + ${next(100)};`
                      : `${indent}await ${name()}(${name()}.${name()});`;
    lines.push(line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

const version = 3;

/** Folder with files of 6 kB on average, `megabytes` together. */
export function secretTree(megabytes: number): string {
  const root = join(tmpdir(), `landwaiter-secret-tree-${version}-${megabytes}`);
  if (existsSync(root)) return root;
  const building = `${root}.${process.pid}`;
  const next = numbers(2026);
  for (let written = 0, index = 0; written < megabytes * 1_000_000; index += 1) {
    const text = sourceFile(next, 1_000 + next(10_000));
    const path = join(building, `module-${index % 40}`, `part-${index % 7}`, `file-${index}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    written += text.length;
  }
  renameSync(building, root);
  return root;
}
