// SPDX-License-Identifier: Apache-2.0
// Globs over slash-separated paths: `**` = any number of folders, `*` = any characters but slash, `?` = one, `{a,b}` = either, `[a-z]`.

/** Compiles a glob to a test on whole paths. Patterns come from our own tables or the user's configuration, never from scanned files. */
export function compileGlob(glob: string): (path: string) => boolean {
  const pattern = new RegExp(`^${globSource(glob)}$`, 'u');
  return (path) => pattern.test(path);
}

function globSource(glob: string): string {
  let source = '';
  let braces = 0;
  for (let index = 0; index < glob.length; index += 1) {
    const rest = glob.slice(index);
    const character = glob.charAt(index);
    if (rest.startsWith('**/')) {
      source += '(?:[^/]*/)*';
      index += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      index += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{') {
      source += '(?:';
      braces += 1;
    } else if (character === '}' && braces > 0) {
      source += ')';
      braces -= 1;
    } else if (character === ',' && braces > 0) source += '|';
    else if (character === '[' && glob.indexOf(']', index) > index + 1) {
      const end = glob.indexOf(']', index);
      source += `[${glob
        .slice(index + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      index = end;
    } else source += character.replace(/[.+^${}()|[\]\\/]/u, '\\$&');
  }
  return source;
}
