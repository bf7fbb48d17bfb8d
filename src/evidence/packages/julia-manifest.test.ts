// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { juliaManifest } from './julia-manifest.ts';

const uuid = (digit: string): string => `${digit.repeat(8)}-0000-0000-0000-000000000000`;

const manifest = `julia_version = "1.9.0"
manifest_format = "2.0"

[[deps.Json]]
deps = ["Dates"]
git-tree-sha1 = "16b6dbc4cf7caee4e1e75c49485ec67b667098a0"
uuid = "${uuid('a')}"
version = "0.21.4"

[[deps.Dates]]
uuid = "${uuid('b')}"
`;

describe('juliaManifest', () => {
  it('reads versions and relations; the standard library has the version of Julia', () => {
    const { get } = catalogText(juliaManifest, { 'Manifest.toml': manifest });

    expect(get('Json')).toMatchObject({
      version: '0.21.4',
      purl: `pkg:julia/Json@0.21.4?uuid=${uuid('a')}`,
      dependsOn: [uuid('b')],
      locations: [{ path: 'Manifest.toml', line: 4, endLine: 8 }],
    });
    expect(get('Dates').version).toBe('1.9.0');
  });

  it('reads the older format, and tables where names are not clear', () => {
    const old = `[[A]]\nuuid = "${uuid('a')}"\n[A.deps]\nB = "${uuid('c')}"\n\n[[B]]\nuuid = "${uuid('b')}"\npath = "b"\n[[B]]\nuuid = "${uuid('c')}"\npath = "c"\n`;

    const { get, problems } = catalogText(juliaManifest, { 'Manifest.toml': old });

    expect(problems).toEqual([]);
    expect(get('A').dependsOn).toEqual([uuid('c')]);
    expect(get('B').version).toBe('');
  });

  it('learns from Project.toml what is direct', () => {
    const { get } = catalogText(juliaManifest, {
      'Manifest.toml': manifest,
      'Project.toml': `[deps]\nJson = "${uuid('a')}"\n`,
    });

    expect(get('Json').relationship).toBe('direct');
    expect(get('Dates').relationship).toBe('indirect');
  });

  it('tells of dependencies that are missing or not clear', () => {
    const broken = manifest.replace('deps = ["Dates"]', 'deps = ["Gone"]');

    expect(catalogText(juliaManifest, { 'Manifest.toml': broken }).problems).toMatchObject([
      { kind: 'schema', location: { line: 4 } },
    ]);
  });
});
