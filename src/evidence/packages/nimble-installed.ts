// SPDX-License-Identifier: Apache-2.0
// Installed Nim packages: `.nimble` files below `pkgs` and `pkgs2`. The folder name holds name, version and (in pkgs2) a checksum.
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { SourceFile } from '../../sources/source.ts';
import { nimblePackage } from '../package-facts/nimble.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nimbleInstalled = defineCataloger({
  id: 'nimble-installed',
  title: 'installed Nimble packages',
  ecosystems: ['nim'],
  kind: 'installed',
  files: ['**/pkgs/**/*.nimble', '**/pkgs2/**/*.nimble'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: true,
    lines: false,
    gaps: ['relations between installed packages'],
  },
  parse: parseInstalled,
});

function parseInstalled(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const folder = file.path.split('/').at(-2) ?? '';
  const match = /^(.{1,200}?)-(#?[0-9][A-Za-z0-9.]*|#[A-Za-z0-9._-]+?)(?:-([0-9a-f]{6,64}))?$/.exec(folder);
  const name = match?.[1];
  const version = match?.[2];
  if (name === undefined || version === undefined) {
    const message = `${JSON.stringify(folder)} is not of the form name-version`;
    return {
      packages: [],
      problems: [{ kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  const license = /^license\s*=\s*"([^"\n]{1,200})"/m.exec(text)?.[1];
  const digest = digestOf('sha1', match?.[3] ?? '');
  const item = nimblePackage({
    name,
    version,
    locations: [{ path: file.path }],
    licenses: license === undefined ? [] : [license],
    digests: digest === undefined ? [] : [digest],
  });
  return { packages: [item], problems };
}
