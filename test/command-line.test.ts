// SPDX-License-Identifier: Apache-2.0
// The program as a user types it: output, messages and exit status.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InTotoStatement } from '../src/formats/in-toto-evidence.ts';
import { hasMatchingId } from '../src/formats/in-toto-evidence.ts';
import { folderWith, landwaiter } from './command-line.ts';

const lock = JSON.stringify(
  {
    name: 'shop',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': {
        name: 'shop',
        version: '1.0.0',
        dependencies: { lodash: '^4.17.0', ms: '2.0.0' },
        devDependencies: { minimist: '1.2.5' },
      },
      'node_modules/lodash': { version: '4.17.20' },
      'node_modules/minimist': { version: '1.2.5', dev: true },
      'node_modules/ms': { version: '2.1.3' },
    },
  },
  undefined,
  2,
);

describe('landwaiter', () => {
  it('prints help and version, and tells a wrong command from a right one', () => {
    const folder = folderWith({});

    expect(landwaiter(folder, ['--version']).stdout).toMatch(/^landwaiter \d+\.\d+\.\d+\n$/);
    expect(landwaiter(folder, ['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(landwaiter(folder, [])).toMatchObject({ status: 2, stdout: '' });
    expect(landwaiter(folder, ['scna'])).toMatchObject({
      status: 2,
      stderr: 'landwaiter: there is no command "scna"  [USAGE]\n  did you mean landwaiter scan?\n',
    });
  });

  it('names the nearest flag and the allowed values', () => {
    const folder = folderWith({});

    expect(landwaiter(folder, ['scan', '.', '--fail-onn', 'x']).stderr).toContain('did you mean --fail-on?');
    expect(landwaiter(folder, ['scan', '.', '--severity', 'hgih']).stderr).toContain('did you mean high?');
    expect(landwaiter(folder, ['scan', '.', '--format', 'jsonn']).stderr).toContain('did you mean json?');
    expect(landwaiter(folder, ['scan', 'dirr:.']).stderr).toContain('did you mean dir:.?');
  });
});

describe('landwaiter sbom', () => {
  it('writes the format that --output names to standard output, and the same bytes again', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const first = landwaiter(folder, ['sbom', 'dir:.', '--output', 'cyclonedx']);
    const second = landwaiter(folder, ['sbom', 'dir:.', '--output', 'cyclonedx']);

    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(second.stdout).toBe(first.stdout);
  });

  it('ends with 3 and names the place when a lock file is cut in half', () => {
    const folder = folderWith({ 'package-lock.json': lock.slice(0, 300), 'other/package-lock.json': lock });

    const { status, stdout, stderr } = landwaiter(folder, ['sbom', '.', '-o', 'purls']);

    expect(status).toBe(3);
    expect(stdout).toContain('pkg:npm/lodash@4.17.20');
    expect(stderr).toMatch(/could not look: package-lock\.json:\d+/);
  });

  it('writes evidence as in-toto statements whose ids fit their content', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    landwaiter(folder, ['sbom', '.', '-o', 'purls', '--evidence', 'evidence.jsonl']);
    const statements = readFileSync(join(folder, 'evidence.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as InTotoStatement);

    expect(statements.map((statement) => statement.predicateType)).toContain(
      'https://landwaiter.dev/evidence/packages/v1',
    );
    expect(statements.every(hasMatchingId)).toBe(true);
  });
});

describe('landwaiter scan', () => {
  it('finds, ranks and exits with 1', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const { status, stdout } = landwaiter(folder, ['scan', '.']);

    expect(status).toBe(1);
    expect(stdout).toContain('CVE-2021-23337');
    expect(stdout).toContain('package-lock.json');
    expect(stdout).toMatch(/lodash +4\.17\.20 +4\.17\.21/);
  });

  it('reads its own SBOM and finds the same', () => {
    const folder = folderWith({ 'package-lock.json': lock });
    writeFileSync(join(folder, 'sbom.json'), landwaiter(folder, ['sbom', 'dir:.', '--output', 'cyclonedx']).stdout);

    const direct = idsOf(landwaiter(folder, ['scan', 'package-lock.json', '-f', 'json']).stdout);
    const fromSbom = idsOf(landwaiter(folder, ['scan', 'sbom.json', '-f', 'json']).stdout);

    expect(direct.length).toBeGreaterThan(1);
    expect(fromSbom).toEqual(direct);
  });

  it('is incomplete, not clean, where the database has a sample of the advisories only', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    expect(landwaiter(folder, ['scan', '.', '--fail-on', 'none']).status).toBe(3);
  });

  it('honours the threshold, the exit code and the configuration file', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    expect(landwaiter(folder, ['scan', '.', '--fail-on', 'none', '--tolerate', 'uncovered']).status).toBe(0);
    expect(landwaiter(folder, ['scan', '.', '--exit-code', '7']).status).toBe(7);
    writeFileSync(join(folder, 'landwaiter.yaml'), 'fail-on: none\ntolerate: uncovered\n');
    expect(landwaiter(folder, ['scan', '.']).status).toBe(0);
    writeFileSync(join(folder, 'landwaiter.yaml'), 'fail_on: none\n');
    expect(landwaiter(folder, ['scan', '.'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('landwaiter.yaml:1:1: unknown key "fail_on"') as string,
    });
  });

  it('leaves out what an ignore file excepts, and says which entries matched nothing', () => {
    const folder = folderWith({
      'package-lock.json': lock,
      '.landwaiterignore.yaml':
        'ignore:\n  - {package: lodash, reason: not reachable}\n  - {id: CVE-1999-0001, reason: gone}\n',
    });

    const { stdout, stderr } = landwaiter(folder, ['scan', '.', '--exclude-dev']);

    expect(stdout).toContain('none found');
    expect(stdout).toContain('taken out by ignore entries or VEX');
    expect(stderr).toContain('.landwaiterignore.yaml:3:5: ignore entry CVE-1999-0001 matched nothing');
  });

  it('does not call an ecosystem without advisories clean', () => {
    const folder = folderWith({
      'renv.lock':
        '{"Packages":{"ggplot2":{"Package":"ggplot2","Version":"3.4.0","Source":"Repository","Repository":"CRAN"}}}',
    });

    const { status, stdout } = landwaiter(folder, ['scan', '.']);

    expect(status).toBe(3);
    expect(stdout).toContain('Could not look');
  });

  it('says how much was looked at when nothing is found', () => {
    const folder = folderWith({ 'readme.txt': 'hello' });

    const { status, stdout } = landwaiter(folder, ['scan', '.']);

    expect(status).toBe(0);
    expect(stdout).toContain('Looked at 0 packages in 1 file');
  });

  it('writes several reports in one run', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const { stdout } = landwaiter(folder, [
      'scan',
      '.',
      '-o',
      'sarif=a.sarif',
      '-o',
      'junit=b.xml',
      '-o',
      'html=c.html',
      '-o',
      'gitlab=d.json',
      '-o',
      'markdown',
    ]);

    expect(stdout).toContain('## Landwaiter');
    expect(JSON.parse(readFileSync(join(folder, 'a.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(readFileSync(join(folder, 'b.xml'), 'utf8')).toContain('<testsuites');
    expect(readFileSync(join(folder, 'c.html'), 'utf8')).toContain('Content-Security-Policy');
    expect(JSON.parse(readFileSync(join(folder, 'd.json'), 'utf8'))).toMatchObject({
      scan: { type: 'dependency_scanning' },
    });
  });

  it('applies a VEX document', () => {
    const vex = {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [
        {
          vulnerability: { name: 'CVE-2021-23337' },
          products: [{ '@id': 'pkg:npm/lodash' }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
        },
      ],
    };
    const folder = folderWith({ 'package-lock.json': lock, 'vex.json': JSON.stringify(vex) });

    const ids = idsOf(landwaiter(folder, ['scan', '.', '--vex', 'vex.json', '-f', 'json']).stdout);

    expect(ids).not.toContain('CVE-2021-23337');
  });
});

describe('landwaiter explain', () => {
  it('names range, way in and upgrade', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const { status, stdout } = landwaiter(folder, ['explain', 'CVE-2021-23337']);

    expect(status).toBe(0);
    expect(stdout).toContain('lodash 4.17.20 is affected');
    expect(stdout).toContain('4.17.21');
  });

  it('says that a vulnerability does not concern the target', () => {
    const folder = folderWith({ 'package-lock.json': lock.replace('4.17.20', '4.17.21') });

    const { status, stdout } = landwaiter(folder, ['explain', 'CVE-2021-23337']);

    expect(status).toBe(1);
    expect(stdout).toContain('not affected');
  });

  it('writes to the file that is named, and refuses a form it does not have', () => {
    const folder = folderWith({ 'package-lock.json': lock });

    const written = landwaiter(folder, ['explain', 'CVE-2021-23337', '-o', 'json=why.json']);

    expect(written).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(join(folder, 'why.json'), 'utf8')).toContain('"CVE-2021-23337"');
    expect(landwaiter(folder, ['explain', 'CVE-2021-23337', '--format', 'yaml'])).toMatchObject({
      status: 2,
      stderr: 'landwaiter: explain has no format "yaml"  [USAGE]\n  it takes table or json\n',
    });
  });
});

describe('git targets', () => {
  it('take an @ of the folder or of the revision for what it is', () => {
    const folder = folderWith({ 'me@host/shop/package-lock.json': lock });
    const root = join(folder, 'me@host', 'shop');
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.test'];
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-qm', 'one'],
    ])
      execFileSync('git', [...identity, ...words], { cwd: root, env: { PATH: process.env['PATH'], HOME: folder } });

    for (const target of ['git:me@host/shop', 'git:me@host/shop@HEAD', 'git:me@host/shop@HEAD@{0}'])
      expect(landwaiter(folder, ['sbom', target, '-o', 'purls'])).toMatchObject({ status: 0 });
    expect(landwaiter(folder, ['sbom', 'git:me@host/shop@v9']).stderr).toContain('there is no such commit in it');
  });
});

describe('landwaiter completion', () => {
  it('knows commands, flags and formats', () => {
    const { stdout } = landwaiter(folderWith({}), ['completion', 'bash']);

    expect(stdout).toContain('--fail-on');
    expect(stdout).toContain('cyclonedx-json');
  });
});

function idsOf(report: string): string[] {
  return (JSON.parse(report) as { findings: { id: string }[] }).findings.map((finding) => finding.id).sort();
}
