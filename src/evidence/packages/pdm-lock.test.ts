// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { pdmLock } from './pdm-lock.ts';

const lock = `[metadata]
lock_version = "4.4"

[[package]]
name = "cover"
version = "7.4"
groups = ["dev"]
summary = "Coverage"
files = [{file = "cover.whl", hash = "sha256:${'3'.repeat(64)}"}]

[[package]]
name = "cover"
version = "7.4"
extras = ["toml"]
groups = ["dev"]
dependencies = ["cover==7.4", "tom-li; python_version < '3.11'"]

[[package]]
name = "Tom.Li"
version = "2.0"
groups = ["default", "dev"]
`;

describe('pdmLock', () => {
  it('makes one package of the entries of its extras', () => {
    const { get, names } = catalogText(pdmLock, { 'pdm.lock': lock });

    expect(names).toEqual(['Tom.Li@2.0', 'cover@7.4']);
    expect(get('cover').locations.map((location) => location.line)).toEqual([4, 11]);
    expect(get('cover').dependsOn).toEqual(['Tom.Li@2.0']);
  });

  it('gives the strongest scope of the groups', () => {
    const { get } = catalogText(pdmLock, { 'pdm.lock': lock });

    expect(get('cover')).toMatchObject({ scope: 'development', facts: { groups: ['dev'], description: 'Coverage' } });
    expect(get('Tom.Li').scope).toBe('runtime');
  });

  it('learns from the manifest what is direct, and what a group is for', () => {
    const manifest = '[project]\ndependencies = ["tom_li"]\n[tool.pdm.dev-dependencies]\ndev = ["cover[toml]"]\n';

    const { get } = catalogText(pdmLock, { 'pdm.lock': lock, 'pyproject.toml': manifest });

    expect(get('Tom.Li').relationship).toBe('direct');
    expect(get('cover').relationship).toBe('direct');
  });

  it('finds hashes of older lock files in the metadata', () => {
    const old = `[[package]]\nname = "a"\nversion = "1"\n[metadata.files]\n"a 1" = [{file = "a.whl", hash = "sha256:${'4'.repeat(64)}"}]\n`;

    expect(catalogText(pdmLock, { 'pdm.lock': old }).get('a').digests).toEqual([`sha256:${'4'.repeat(64)}`]);
  });
});
