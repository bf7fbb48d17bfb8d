// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { gleamManifest } from './gleam-manifest.ts';
import { gleamToml } from './gleam-toml.ts';

const manifest =
  'name = "app"\nversion = "1.0.0"\n\n[dependencies]\ngleam_stdlib = ">= 0.34.0 and < 2.0.0"\nlocal = { path = "../local" }\n\n[dev-dependencies]\ngleeunit = ">= 1.0.0"\n';

describe('gleamToml', () => {
  it('gives the package and its requirements', () => {
    const { get, packages } = catalogText(gleamToml, { 'gleam.toml': manifest });

    expect(get('app').relationship).toBe('root');
    expect(get('gleam_stdlib')).toMatchObject({
      version: '',
      constraint: '>= 0.34.0 and < 2.0.0',
      locations: [{ line: 5 }],
    });
    expect(get('gleeunit').scope).toBe('development');
    expect(packages).toHaveLength(3);
  });
});

describe('gleamManifest', () => {
  const lock = `packages = [
  { name = "gleam_stdlib", version = "0.36.0", build_tools = ["gleam"], requirements = [], source = "hex", outer_checksum = "C0D14D807FEC6F8A08A7C9EF8DFDE6AE5C10E40E21325B2B29365965D82EB3D4" },
  { name = "gleeunit", version = "1.0.2", build_tools = ["gleam"], requirements = ["gleam_stdlib"], source = "hex" },
]

[requirements]
gleeunit = { version = ">= 1.0.0" }
`;

  it('gives locked versions, edges and checksums', () => {
    const { get } = catalogText(gleamManifest, { 'manifest.toml': lock, 'gleam.toml': manifest });

    expect(get('gleeunit')).toMatchObject({
      version: '1.0.2',
      relationship: 'direct',
      scope: 'development',
      dependsOn: ['gleam_stdlib@0.36.0'],
    });
    expect(get('gleam_stdlib')).toMatchObject({ relationship: 'indirect', locations: [{ line: 2 }] });
    expect(get('gleam_stdlib').digests).toHaveLength(1);
  });

  it('passes over the manifest.toml of another program', () => {
    const { packages, problems } = catalogText(gleamManifest, { 'manifest.toml': 'a = [' });

    expect([...packages, ...problems]).toEqual([]);
  });
});
