// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { cargoToml } from './cargo-toml.ts';

describe('cargoToml', () => {
  it('gives the crate and the requirements it states, with their lines', () => {
    const manifest =
      '[package]\nname = "app"\nversion = "1.2.3"\nlicense = "MIT"\n\n[dependencies]\nserde = "1.0"\nlog = { version = "=0.4.20" }\n';

    const { get } = catalogText(cargoToml, { 'Cargo.toml': manifest });

    expect(get('app')).toMatchObject({ version: '1.2.3', relationship: 'root', licenses: ['MIT'] });
    expect(get('serde')).toMatchObject({
      version: '',
      constraint: '1.0',
      locations: [{ path: 'Cargo.toml', line: 7 }],
    });
    expect(get('log')).toMatchObject({ version: '0.4.20', constraint: '=0.4.20' });
  });

  it('inherits what a member leaves to its workspace', () => {
    const root =
      '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = "2.0.0"\n[workspace.dependencies]\nserde = "1.5"\n';
    const member = '[package]\nname = "a"\nversion.workspace = true\n[dependencies]\nserde.workspace = true\n';

    const { get } = catalogText(cargoToml, { 'Cargo.toml': root, 'a/Cargo.toml': member });

    expect(get('a').version).toBe('2.0.0');
    expect(get('serde').constraint).toBe('1.5');
  });

  it('keeps the commit of a dependency from git and leaves out one that names none', () => {
    const manifest =
      '[dependencies]\na = { git = "https://git.example/a", rev = "ff00" }\nb = { git = "https://git.example/b", tag = "1" }\n';

    const { packages } = catalogText(cargoToml, { 'Cargo.toml': manifest });

    expect(packages.map((item) => [item.name, item.facts?.commit])).toEqual([['a', 'ff00']]);
  });

  it('reports a dependency of the wrong shape', () => {
    const { problems } = catalogText(cargoToml, { 'Cargo.toml': '[dependencies]\na = { git = { x = 1 } }\n' });

    expect(problems).toMatchObject([{ kind: 'schema', location: { line: 2 }, hidesFindings: true }]);
  });
});
