// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { rockspec } from './rockspec.ts';

const spec = `local name = "log"
package = name
version = "2.0.1-1"
source = { url = "git://git.example/log.git" }
description = { summary = "Logging", license = "MIT", homepage = "https://host.example" }
dependencies = { "lua >= 5.1", "core >= 1.4.0, < 2.0.0", "exact == 3.0-1" }
`;

describe('rockspec', () => {
  it('takes a file in the project for the project, with what it needs', () => {
    const { get, names } = catalogText(rockspec, { 'log-2.0.1-1.rockspec': spec });

    expect(names).toEqual(['core@', 'exact@3.0-1', 'log@2.0.1-1']);
    expect(get('log')).toMatchObject({
      relationship: 'root',
      purl: 'pkg:luarocks/log@2.0.1-1',
      licenses: ['MIT'],
      facts: { repository: 'git://git.example/log.git', homepage: 'https://host.example' },
    });
    expect(get('core').constraint).toBe('>= 1.4.0, < 2.0.0');
  });

  it('gives only the rock itself from a tree of installed rocks, even when the file cannot be read', () => {
    const path = 'usr/lib/luarocks/rocks-5.4/log/2.0.1-1/log-2.0.1-1.rockspec';

    expect(catalogText(rockspec, { [path]: spec }).names).toEqual(['log@2.0.1-1']);
    expect(catalogText(rockspec, { [path]: 'x = f()' })).toMatchObject({
      names: ['log@2.0.1-1'],
      problems: [{ kind: 'syntax' }],
    });
  });
});
