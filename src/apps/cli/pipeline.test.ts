// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

const commit = '0123456789abcdef0123456789abcdef01234567';
const preview = `on: pull_request_target
permissions: {}
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - uses: acme/checkout@v1 # keep this
        with: {persist-credentials: false}
      - uses: actions/checkout@${commit} # v4
        with:
          persist-credentials: false
          ref: \${{ github.event.pull_request.head.sha }}
      - run: npm ci
        env:
          TOKEN: \${{ secrets.NPM_TOKEN }}
`;
const clean = `name: Test
on: push
permissions: {}
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    steps:
      - name: Greet
        run: echo hello
`;

describe('landwaiter pipeline', () => {
  it('says what is weak, and that there is a path, with exit 1', async () => {
    const cwd = testFolder({ '.github/workflows/preview.yml': preview });

    const { status, stdout } = await runCommand(['pipeline', '.'], { cwd });

    expect(status).toBe(1);
    expect(stdout).toContain('Outsiders   1 path to a secret or to production   .github/workflows/preview.yml:1');
    expect(stdout).toMatch(/high +untrusted-code-execution +\.github\/workflows\/preview\.yml:13:9/);
    expect(stdout).toContain('Looked at 1 pipelines with 1 jobs in 1 files');
  });

  it('ends with 0 where nothing is at or over the threshold, also without pipelines', async () => {
    const good = await runCommand(['pipeline'], { cwd: testFolder({ '.github/workflows/test.yml': clean }) });
    const none = await runCommand(['pipeline', '.'], { cwd: testFolder({ 'README.md': 'x' }) });

    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('Pipelines   nothing found')]);
    expect([none.status, none.stdout]).toEqual([0, expect.stringContaining('No pipelines found.')]);
  });

  it('ends with 3 where something could not be looked at', async () => {
    const cwd = testFolder({ Jenkinsfile: "node { sh 'make' }\n", '.gitlab-ci.yml': 'include: /missing.yml\n' });

    const { status, stdout } = await runCommand(['pipeline', '.'], { cwd });

    expect(status).toBe(3);
    expect(stdout).toContain('Could not look: Jenkinsfile:1: not a declarative pipeline');
    expect(stdout).toContain('Could not look: .gitlab-ci.yml:1:1: the included file /missing.yml is not in the tree');
  });

  it('writes JSON and SARIF', async () => {
    const cwd = testFolder({ '.github/workflows/preview.yml': preview });

    const json = JSON.parse((await runCommand(['pipeline', '.', '-f', 'json'], { cwd })).stdout) as {
      schema: string;
      findings: { id: string }[];
      paths: { kind: string }[];
    };
    await runCommand(['pipeline', '.', '-o', 'sarif=out/x.sarif'], { cwd });
    const sarif = JSON.parse(readFileSync(join(cwd, 'out/x.sarif'), 'utf8')) as {
      runs: { results: { ruleId: string }[] }[];
    };

    expect(json.schema).toBe('landwaiter.pipeline/v1');
    expect(json.paths.map(({ kind }) => kind)).toEqual(['secret']);
    expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(json.findings.map(({ id }) => id));
  });

  it('shows the map in four forms, and refuses others', async () => {
    const cwd = testFolder({ '.github/workflows/preview.yml': preview });

    const table = await runCommand(['pipeline', '.', '--map'], { cwd });
    await runCommand(['pipeline', '.', '--map', '--output', 'map.html'], { cwd });
    const svg = await runCommand(['pipeline', '.', '--map', '--format', 'svg'], { cwd });
    const wrong = await runCommand(['pipeline', '.', '--format', 'svg'], { cwd });

    expect([table.status, table.stdout.split('\n')[0]]).toEqual([
      1,
      '1 path from an outsider to a secret or to production',
    ]);
    expect(readFileSync(join(cwd, 'map.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(svg.stdout).toMatch(/^<svg /);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('svg and html are pictures of the map')]);
  });

  it('takes one workflow, or the folder of them, for what it is', async () => {
    const cwd = testFolder({ '.github/workflows/preview.yml': preview });

    for (const target of ['.github/workflows/preview.yml', '.github/workflows', '.github']) {
      const { status, stdout } = await runCommand(['pipeline', target], { cwd });
      expect([target, status, stdout]).toEqual([
        target,
        1,
        expect.stringContaining('.github/workflows/preview.yml:13:9'),
      ]);
    }
  });

  it('refuses what has no pipelines', async () => {
    const { status, stderr } = await runCommand(['pipeline', 'sbom:x.json'], {
      cwd: testFolder({ 'x.json': '{"bomFormat":"CycloneDX","specVersion":"1.6"}' }),
    });

    expect([status, stderr]).toEqual([2, expect.stringContaining('has no pipelines')]);
  });

  it('pins from what servers answer, then offline, and keeps comments', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('tools/node', image, '22');
    const cwd = testFolder({
      '.github/workflows/preview.yml': preview,
      '.gitlab-ci.yml': `a:\n  image: ${registry.host}/tools/node:22 # the runtime\n  script: [make]\n`,
      'forge/acme/checkout/x': '',
    });
    const forge = join(cwd, 'forge/acme/checkout');
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...words], {
        cwd: forge,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'x');
    git('tag', '-a', 'v1', '-m', 'v1');
    const tagged = git('rev-parse', 'v1^{commit}').trim();
    const environment = { PATH: process.env['PATH'], HOME: cwd };

    const pinned = await runCommand(
      [
        'pipeline',
        '.',
        '--pin',
        '--action-server',
        `file://${join(cwd, 'forge')}`,
        '--insecure-registry',
        registry.host,
      ],
      { cwd, environment },
    );
    const patch = await runCommand(['pipeline', '.', '--fix', '--persona', 'pedantic'], { cwd });
    await runCommand(['pipeline', '.', '--fix', '--write', '--persona', 'pedantic'], { cwd });

    expect([pinned.status, pinned.stdout]).toEqual([
      0,
      expect.stringContaining('2 of 2 tags are in landwaiter.lock.yaml'),
    ]);
    expect(patch.stdout).toContain(`+      - uses: acme/checkout@${tagged} # keep this\n`);
    expect(readFileSync(join(cwd, '.gitlab-ci.yml'), 'utf8')).toContain(
      `  image: ${registry.host}/tools/node:22@${image.digest} # the runtime\n`,
    );
    expect(readFileSync(join(cwd, '.github/workflows/preview.yml'), 'utf8')).toContain(
      `acme/checkout@${tagged} # keep this`,
    );
  });

  it('says what nobody answered for when it pins, with exit 3', async () => {
    const cwd = testFolder({ '.github/workflows/preview.yml': preview });

    const { status, stderr } = await runCommand(
      ['pipeline', '.', '--pin', '--action-server', `file://${join(cwd, 'nothing')}`],
      { cwd, environment: { PATH: process.env['PATH'], HOME: cwd } },
    );

    expect(status).toBe(3);
    expect(stderr).toContain('could not ask file://');
  });
});
