// SPDX-License-Identifier: Apache-2.0
// Paths of Go modules in file systems and addresses. https://go.dev/ref/mod#module-cache and #private-modules

/** Capital letters as `!` and the small letter, because not every file system tells them apart: `github.com/!azure/x`. */
export function escapedModulePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** Whether a list of patterns as in GOPRIVATE and GONOPROXY (globs over the first parts of a path, separated by commas) names a module. */
export function isPrivateModule(path: string, patterns: string): boolean {
  const parts = path.split('/');
  return patterns.split(',').some((pattern) => {
    const wanted = pattern.trim().replace(/\/+$/, '').split('/');
    if (wanted[0] === '' || wanted.length > parts.length) return false;
    return wanted.every((part, index) => matchesPart(part, parts[index] ?? ''));
  });
}

/** `*` any text, `?` any character, as in Go's path.Match; classes of characters are taken as they stand. */
function matchesPart(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return isSame(pattern, text);
  if (text.length < first.length + last.length) return false;
  if (!isSame(first, text.slice(0, first.length)) || !isSame(last, text.slice(text.length - last.length))) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    while (at + piece.length <= end && !isSame(piece, text.slice(at, at + piece.length))) at += 1;
    if (at + piece.length > end) return false;
    at += piece.length;
  }
  return true;
}

function isSame(pattern: string, text: string): boolean {
  return (
    pattern.length === text.length &&
    pattern.split('').every((character, index) => character === '?' || character === text[index])
  );
}

/** The servers that may be asked for a module, in order: those of GOPROXY, or only its own repository when it is private. */
export function proxiesOf(path: string, proxies: readonly string[], privateModules: string): readonly string[] {
  return isPrivateModule(path, privateModules) ? ['direct'] : proxies;
}
