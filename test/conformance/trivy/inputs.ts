// SPDX-License-Identifier: Apache-2.0
// The input of a row as files of a target: one file, a folder, or a txtar archive (which stands for a folder).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../../../src/sources/source.ts';
import type { Row } from './rows.ts';
import { folderOf } from './rows.ts';

export interface RowInput {
  /** `file`: the path is the one the test opens (`testdata/x.lock`); `folder`: paths are relative to it. */
  readonly kind: 'file' | 'folder';
  readonly files: readonly SourceFile[];
  /** Other files of the test's folder that a scan would see beside the input; packages of theirs do not count. */
  readonly alongside?: readonly SourceFile[];
}

const inputFields = ['dir', 'inputDir', 'txtar', 'file', 'inputFile', 'testFile', 'filePath', 'input', 'path'] as const;

/** Undefined when the row names no input that is in the pack. */
export function inputOf(row: Row, root: string): RowInput | undefined {
  const found = inputFields
    .map((field) => row[field])
    .filter((value): value is string => typeof value === 'string')
    .map((shown) => ({ shown, real: join(root, 'inputs', folderOf(row), shown) }))
    .find((candidate) => existsSync(candidate.real));
  const first = row.inputs?.[0];
  const chosen = found ?? (first === undefined ? undefined : { shown: first, real: join(root, 'inputs', first) });
  if (chosen === undefined || !existsSync(chosen.real)) return undefined;
  if (statSync(chosen.real).isDirectory()) return { kind: 'folder', files: filesBelow(chosen.real) };
  if (chosen.real.endsWith('.txtar')) return { kind: 'folder', files: readTxtar(readFileSync(chosen.real, 'utf8')) };
  return { kind: 'file', files: [{ path: chosen.shown, bytes: readFileSync(chosen.real) }] };
}

/** Files of folders below the folder of the test, under the paths the test would use. */
export function filesAlongside(row: Row, root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) => {
    const real = join(root, 'inputs', folderOf(row), folder);
    return existsSync(real) ? filesBelow(real).map((file) => ({ ...file, path: `${folder}/${file.path}` })) : [];
  });
}

/** All regular files below a folder, in path order. */
export function filesBelow(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: file.slice(folder.length + 1), bytes: readFileSync(file), mode: statSync(file).mode }));
}

/** golang.org/x/tools/txtar: `-- name --` lines, each followed by the content of that file. */
export function readTxtar(text: string): SourceFile[] {
  const files: { path: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const name = /^-- (\S+) --\r?$/.exec(line)?.[1];
    if (name !== undefined) files.push({ path: name.replace(/^\.?\//, ''), lines: [] });
    else files.at(-1)?.lines.push(line);
  }
  const encoder = new TextEncoder();
  return files.map((file) => ({ path: file.path, bytes: encoder.encode(file.lines.join('\n')) }));
}
