// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { opam } from './opam.ts';
import { opamSwitch } from './opam-switch.ts';

const file = `opam-version: "2.0"
synopsis: "A clock"
license: "ISC"
depends: [
  "dune" {>= "2.0" & < "4"}
  "tester" {with-test}
  "exact" {= "1.5"}
]
url {
  src: "https://host.example/clock.tbz"
  checksum: "sha256=${'9'.repeat(64)}"
}
`;

describe('opam', () => {
  it('takes a file in the project for the project, with what it needs', () => {
    const { get, names, problems } = catalogText(opam, { 'clock.opam': file });

    expect(problems).toEqual([]);
    expect(names).toEqual(['clock@', 'dune@', 'exact@1.5', 'tester@']);
    expect(get('clock')).toMatchObject({
      relationship: 'root',
      licenses: ['ISC'],
      digests: [`sha256:${'9'.repeat(64)}`],
    });
    expect(get('dune')).toMatchObject({ constraint: '>= 2.0 & < 4', locations: [{ line: 5 }] });
    expect(get('tester').scope).toBe('test');
  });

  it('takes name and version of a package of a repository from its folder', () => {
    const { get, names } = catalogText(opam, { 'packages/clock/clock.4.2.0/opam': file });

    expect(names).toEqual(['clock@4.2.0']);
    expect(get('clock').purl).toBe('pkg:opam/clock@4.2.0');
  });

  it('tells of broken syntax', () => {
    expect(catalogText(opam, { 'x.opam': 'depends: [ "a"' }).problems).toMatchObject([
      { kind: 'syntax', hidesFindings: true },
    ]);
  });
});

describe('opamSwitch', () => {
  it('reads the state of a switch, with what was asked for', () => {
    const state = 'opam-version: "2.0"\nroots: ["dune.3.7.2"]\ninstalled: [\n  "base.v0.15"\n  "dune.3.7.2"\n]\n';

    const { get } = catalogText(opamSwitch, { '.opam/default/.opam-switch/switch-state': state });

    expect(get('dune')).toMatchObject({ version: '3.7.2', relationship: 'direct' });
    expect(get('base')).toMatchObject({ version: 'v0.15', relationship: 'indirect', locations: [{ line: 4 }] });
  });

  it('reads lists, and tells of entries that are none', () => {
    const { names, problems } = catalogText(opamSwitch, { '.opam-switch/install': '# list\ndune.3.7.2 # x\n\noops\n' });

    expect(names).toEqual(['dune@3.7.2']);
    expect(problems).toMatchObject([{ kind: 'syntax', location: { line: 4 } }]);
  });
});
