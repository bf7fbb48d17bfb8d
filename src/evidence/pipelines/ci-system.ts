// SPDX-License-Identifier: Apache-2.0
// What a CI system is for us: which files are its pipelines, and how they become the common model. The list is systems/index.ts.
import type { Problem } from '../../model/problem.ts';
import type { Pipeline, PipelineFile, PipelineSystem } from './pipeline.ts';

export interface CiSystem {
  /** Also the name of its file. */
  readonly id: PipelineSystem;
  readonly title: string;
  /** Globs of the files it starts from. Others (includes, templates) it asks the tree for. */
  readonly files: readonly string[];
  /** A text that must occur in a file for it to be one of these, where the globs say too little. */
  readonly marker?: string;
  /** What can be seen of a pipeline, and what cannot, in a few words; docs/pipelines.md shows them. */
  readonly cannotSee: readonly string[];
  /** `files` are those that fit; `tree` has everything that was handed in. Never throws. */
  parse(files: readonly PipelineFile[], tree: FileTree): CiReading;
}

export interface CiReading {
  readonly pipelines: readonly Pipeline[];
  readonly problems: readonly Problem[];
}

/** The other files of the target. */
export interface FileTree {
  /** Text of a file, with or without a leading slash; undefined when it was not handed in. */
  textAt(path: string): string | undefined;
  readonly paths: readonly string[];
}

export function defineCiSystem(system: CiSystem): CiSystem {
  return system;
}

export function fileTree(files: readonly PipelineFile[]): FileTree {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return { textAt: (path) => texts.get(normalizePath(path)), paths: [...texts.keys()] };
}

/** Resolves `.`, `..` and leading slashes; what climbs over the root stays outside and is never found. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Root-relative paths of a repository that may itself lie in a folder of the target: `base` is that folder, with a slash at its end, or nothing. */
export function pathInRepository(tree: FileTree, base: string, path: string): string {
  const below = normalizePath(`${base}${path}`);
  return tree.textAt(below) === undefined ? normalizePath(path) : below;
}

/** The path that `relative` names from the folder of `from`. */
export function pathBeside(from: string, relative: string): string {
  return normalizePath(`${from.slice(0, from.lastIndexOf('/') + 1)}${relative}`);
}
