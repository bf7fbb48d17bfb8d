// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileNames } from './file-names.ts';
import { usualFileNames } from './file-names.ts';
import { fileNamesOf } from './file-patterns.ts';

function names(...patterns: readonly string[]): FileNames {
  const reading = fileNamesOf(patterns);
  if (reading.kind === 'fault') throw new Error(reading.message);
  return reading.names;
}

describe('fileNamesOf', () => {
  it('adds names to the usual ones, matched anywhere in the path', () => {
    const given = names('dockerfile:Customfile', 'compose:^stacks/.*\\.yml$');

    for (const path of ['Customfile', 'a/Customfile.prod', 'Customfile/x', 'Dockerfile'])
      expect(given.isDockerfile(path)).toBe(true);
    for (const path of ['stacks/a.yml', 'compose.yaml']) expect(given.isComposeFile(path)).toBe(true);
    for (const path of ['customfile', 'stacks/a.yml']) expect(given.isDockerfile(path)).toBe(false);
    expect(given.isManifest('a.tpl')).toBe(false);
  });

  it('keeps colons of the expression', () => {
    expect(names('kubernetes:a:b').isManifest('x/a:b.txt')).toBe(true);
  });

  it('is the usual names where nothing is added', () => {
    expect(names()).toBe(usualFileNames);
  });

  it.each(['Customfile', ':x', 'pip:requirements-.*', 'dockerfile:', 'dockerfile:(', 'dockerfile:(?=a)'])(
    'refuses %s: passed over, it would leave files unread',
    (pattern) => {
      expect(fileNamesOf(['dockerfile:a', pattern])).toMatchObject({ kind: 'fault', pattern });
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (source, path) => {
        const reading = fileNamesOf([`dockerfile:${source}`]);
        if (reading.kind === 'names') reading.names.isDockerfile(path);
      }),
    );
  });
});
