// SPDX-License-Identifier: Apache-2.0
// Further names of Dockerfiles, manifests and Compose files that a user gives as regular expressions (`--file-patterns`). Apart from the usual names,
// because the engine of the expressions is loaded only where somebody gives one.
import { compileRe2 } from '../../formats/re2.ts';
import type { FileNames } from './file-names.ts';
import { isComposeFile, isDockerfile, usualFileNames } from './file-names.ts';

/** What `--file-patterns` can name; the words are Trivy's, `compose` is ours. */
export const patternedTypes = ['dockerfile', 'kubernetes', 'compose'] as const;

type PatternedType = (typeof patternedTypes)[number];

export type FileNamesReading =
  | { readonly kind: 'names'; readonly names: FileNames }
  | { readonly kind: 'fault'; readonly pattern: string; readonly message: string };

/**
 * The usual names and those that patterns add: `dockerfile:Customfile`, `kubernetes:\.tpl$`. As Trivy's, a pattern is a regular expression (RE2, so its
 * time is linear) and may match anywhere in the path, and what stands before the first colon is the type. Never throws; the first pattern that cannot be
 * used is the fault, because a pattern that is passed over would leave files unread.
 */
export function fileNamesOf(patterns: readonly string[]): FileNamesReading {
  const added: { readonly type: PatternedType; readonly matches: (path: string) => boolean }[] = [];
  for (const pattern of patterns) {
    const colon = pattern.indexOf(':');
    const type = patternedTypes.find((word) => word === pattern.slice(0, Math.max(0, colon)));
    if (type === undefined) {
      const message = `it is TYPE:REGEX with a type of ${patternedTypes.join(', ')}`;
      return { kind: 'fault', pattern, message };
    }
    const source = pattern.slice(colon + 1);
    // The empty expression matches every path: a slip, not a wish.
    const compiled =
      source === '' ? ({ kind: 'fault', message: 'the expression is empty' } as const) : compileRe2(source);
    if (compiled.kind === 'fault') return { kind: 'fault', pattern, message: compiled.message };
    added.push({ type, matches: (path) => compiled.pattern.test(path) });
  }
  if (added.length === 0) return { kind: 'names', names: usualFileNames };
  const isAdded = (wanted: PatternedType, path: string): boolean =>
    added.some(({ type, matches }) => type === wanted && matches(path));
  const names: FileNames = {
    isDockerfile: (path) => isDockerfile(path) || isAdded('dockerfile', path),
    isComposeFile: (path) => isComposeFile(path) || isAdded('compose', path),
    isManifest: (path) => usualFileNames.isManifest(path) || isAdded('kubernetes', path),
    added: patterns,
  };
  return { kind: 'names', names };
}
