// SPDX-License-Identifier: Apache-2.0
import { compileGlob } from '../../formats/glob.ts';

/**
 * Test for paths to leave out; undefined when there is no pattern. A pattern matches the path itself or any folder above it; `vendor`, `./vendor/`, `vendor/**` and
 * `**\/vendor` all leave out a folder. A pattern without a slash and with a wildcard (`*.lock`) matches in any folder, as in .gitignore.
 */
export function compileExclusions(patterns: readonly string[]): ((path: string) => boolean) | undefined {
  const tests = patterns
    .flatMap((pattern) => pattern.split(','))
    .map((pattern) =>
      pattern
        .trim()
        .replace(/^\.\//, '')
        .replace(/\/(?:\*\*)?$/, ''),
    )
    .filter((pattern) => pattern !== '' && pattern !== '.')
    .map((pattern) => compileGlob(!pattern.includes('/') && /[*?[{]/.test(pattern) ? `**/${pattern}` : pattern));
  if (tests.length === 0) return undefined;
  return (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const part = path.slice(0, end);
      if (tests.some((test) => test(part))) return true;
    }
    return false;
  };
}
