// SPDX-License-Identifier: Apache-2.0
// Licences, exceptions and conversions as a user types them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, landwaiter } from './command-line.ts';

const lock = JSON.stringify({
  name: 'shop',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { name: 'shop', version: '1.0.0', dependencies: { lodash: '^4.17.0', copyleft: '1', free: '1', silent: '1' } },
    'node_modules/lodash': { version: '4.17.20', license: 'MIT' },
    'node_modules/copyleft': { version: '1.0.0', license: 'AGPL-3.0-only' },
    'node_modules/free': { version: '1.0.0', license: '(MIT OR GPL-3.0-only)' },
    'node_modules/silent': { version: '1.0.0' },
  },
});

function vexOn(id: string, status: string): string {
  return JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    statements: [
      {
        vulnerability: { name: id },
        products: [{ '@id': 'pkg:npm/lodash' }],
        status,
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ],
  });
}

describe('scan --scanners license', () => {
  it('needs no database, shows licences by class and tells of packages that state none', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const { status, stdout } = landwaiter(folder, ['scan', '.', '--scanners', 'license', '--database', 'missing']);

    expect(status).toBe(1);
    expect(stdout).toMatch(/critical +AGPL-3\.0-only +forbidden +copyleft 1\.0\.0/);
    expect(stdout).toContain('no licence is stated for 1 package (silent)');
    expect(stdout).not.toContain('Vulnerabilities');
    expect(stdout).not.toContain('Advisories');
  });

  it('is clean with a list that allows everything, and incomplete when a licence is not stated', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    const words = ['scan', '.', '--scanners', 'license', '--license-allow', 'notice,AGPL-3.0'];

    expect(landwaiter(folder, words)).toMatchObject({ status: 3 });
    expect(landwaiter(folder, [...words, '--tolerate', 'unlicensed'])).toMatchObject({ status: 0 });
  });

  it('shows licences beside vulnerabilities in every form', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    const words = ['scan', '.', '--scanners', 'vuln,license', '-o'];

    const outputs = ['json', 'sarif', 'junit', 'markdown', 'html'].map(
      (form) => landwaiter(folder, [...words, form]).stdout,
    );

    for (const output of outputs) {
      expect(output).toContain('AGPL-3.0-only');
      expect(output).toContain('CVE-2021-23337');
    }
  });

  it('takes an ignore entry for a licence', () => {
    const folder = folderWith({
      'package-lock.json': lock,
      '.trivyignore.yaml': 'licenses:\n  - id: AGPL-3.0-only\n    statement: bought a licence\n',
    });

    const { status, stdout } = landwaiter(folder, ['scan', '.', '--scanners', 'license', '--show-suppressed']);

    expect(status).toBe(0);
    expect(stdout).toContain('bought a licence');
  });
});

describe('exceptions', () => {
  it('of VEX that matched nothing are told, and those a filter hides are not called unmatched', () => {
    const folder = folderWith({
      'package-lock.json': lock,
      'unmatched.json': vexOn('CVE-1999-0001', 'not_affected'),
      'matched.json': vexOn('CVE-2021-23337', 'not_affected'),
    });

    const words = ['scan', '.', '--vex', 'unmatched.json', '--vex', 'matched.json', '--severity', 'critical'];
    const { stderr } = landwaiter(folder, words);

    expect(stderr).toMatch(/unmatched\.json:1.*VEX statement on CVE-1999-0001 for pkg:npm\/lodash matched nothing/);
    expect(stderr).not.toContain('CVE-2021-23337');
  });

  it('are listed by --show-suppressed only', () => {
    const folder = folderWith({ 'package-lock.json': lock, 'vex.json': vexOn('CVE-2021-23337', 'not_affected') });

    const short = landwaiter(folder, ['scan', '.', '--vex', 'vex.json']).stdout;
    const long = landwaiter(folder, ['scan', '.', '--vex', 'vex.json', '--show-suppressed']).stdout;

    expect(short).toContain('--show-suppressed lists them');
    expect(short).not.toContain('CVE-2021-23337');
    expect(long).toMatch(/CVE-2021-23337.*not_affected/);
  });

  it('of the status "affected" leave the finding in', () => {
    const folder = folderWith({ 'package-lock.json': lock, 'vex.json': vexOn('CVE-2021-23337', 'affected') });

    const { stdout, stderr } = landwaiter(folder, ['scan', '.', '--vex', 'vex.json']);

    expect(stdout).toContain('CVE-2021-23337');
    expect(stderr).not.toContain('matched nothing');
  });
});

describe('scan --exit-code', () => {
  it('stands for any finding, unless --fail-on sets a threshold', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    const words = ['scan', '.', '--severity', 'medium', '--tolerate', 'uncovered'];

    expect(landwaiter(folder, words).status).toBe(0);
    expect(landwaiter(folder, [...words, '--exit-code', '9']).status).toBe(9);
    expect(landwaiter(folder, [...words, '--exit-code', '9', '--fail-on', 'high']).status).toBe(0);
  });
});

describe('landwaiter convert', () => {
  it('gives the same report again from its own JSON, suppressed findings included', () => {
    const folder = folderWith({ 'package-lock.json': lock, 'vex.json': vexOn('CVE-2021-23337', 'not_affected') });
    const words = ['scan', '.', '--vex', 'vex.json', '--scanners', 'vuln,license', '-f', 'json'];
    const original = landwaiter(folder, words).stdout;
    writeFileSync(join(folder, 'report.json'), original);

    const again = landwaiter(folder, ['convert', 'report.json', '-f', 'json']).stdout;

    const facts = (text: string): unknown => {
      const report = JSON.parse(text) as Record<string, Record<string, unknown>[]>;
      const plain = (key: string): unknown => report[key]?.map((item) => ({ ...item, evidence: [] }));
      return [...['findings', 'suppressed', 'licenses'].map(plain), report['lists'], report['database']];
    };
    expect(facts(again)).toEqual(facts(original));
  });

  it('writes formats of SBOMs and of scans, and fails only when it is asked to', () => {
    const folder = folderWith({
      'trivy.json': JSON.stringify({
        SchemaVersion: 2,
        ArtifactName: 'shop',
        Results: [
          {
            Target: 'yarn.lock',
            Type: 'yarn',
            Class: 'lang-pkgs',
            Vulnerabilities: [
              {
                VulnerabilityID: 'CVE-2026-1',
                PkgName: 'left',
                InstalledVersion: '1.0.0',
                Severity: 'HIGH',
                PkgIdentifier: { PURL: 'pkg:npm/left@1.0.0' },
              },
            ],
          },
        ],
      }),
    });

    expect(landwaiter(folder, ['convert', 'trivy.json', '-f', 'purls'])).toMatchObject({
      status: 0,
      stdout: 'pkg:npm/left@1.0.0\n',
    });
    expect(landwaiter(folder, ['convert', 'trivy.json', '-f', 'cyclonedx']).stdout).toContain('CVE-2026-1');
    expect(landwaiter(folder, ['convert', 'trivy.json', '--fail-on', 'high']).status).toBe(1);
  });

  it('says what it reads when the file is something else', () => {
    const folder = folderWith({ 'x.json': '{}' });

    expect(landwaiter(folder, ['convert', 'x.json'])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('Trivy (schema 2) and Grype') as string,
    });
    expect(landwaiter(folder, ['convert']).status).toBe(2);
  });
});
