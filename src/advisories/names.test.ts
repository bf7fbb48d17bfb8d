// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { normaliseName } from './names.ts';

describe('normaliseName', () => {
  it.each([
    ['PyPI', 'Zope.Interface__x', 'zope-interface-x'],
    ['Seal:PyPI', 'Seal_Django', 'seal-django'],
    ['NuGet', 'Newtonsoft.Json', 'newtonsoft.json'],
    ['Packagist', 'Symfony/HTTP-Kernel', 'symfony/http-kernel'],
    ['npm', 'JSONStream', 'JSONStream'],
    ['npm', '@Scope/Name', '@Scope/Name'],
    ['Maven', 'org.apache.commons : commons-text', 'org.apache.commons:commons-text'],
    ['Go', 'github.com/Masterminds/vcs/', 'github.com/Masterminds/vcs'],
    ['GitHub Actions', 'Actions/Cache/save', 'actions/cache'],
    ['SwiftURL', 'https://github.com/Apple/swift-nio.git', 'github.com/apple/swift-nio'],
    ['SwiftURL', 'git@github.com:apple/swift-nio.git', 'github.com/apple/swift-nio'],
    ['Debian:12', 'openssl', 'openssl'],
    ['RubyGems', 'RedCloth', 'RedCloth'],
  ])('%s: %s', (ecosystem, name, expected) => {
    expect(normaliseName(ecosystem, name)).toBe(expected);
  });
});
