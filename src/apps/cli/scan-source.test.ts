// SPDX-License-Identifier: Apache-2.0
// One scan of a folder: secrets, pipelines, configuration and code in one walk.
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

/** Made of parts, so that nobody takes this file for one that holds a secret. */
const key = ['AKIA', 'Q3EGRIDVTHQ6LRZP'].join('');
const workflow = `on: pull_request_target
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.pull_request.title }}"
`;
const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - { name: a, image: web, securityContext: { privileged: true } }
`;
const files = {
  'settings.txt': `aws_access_key_id = ${key}\n`,
  '.github/workflows/ci.yml': workflow,
  'k8s/pod.yaml': pod,
  Dockerfile: 'FROM node:latest\nRUN curl https://x.example/i.sh | bash\n',
  'a.js': 'eval(body);\n',
};

interface Member {
  readonly id: string;
  readonly locations: readonly { readonly path: string; readonly line?: number }[];
}

async function scan(cwd: string, ...words: readonly string[]) {
  const scanners = words.includes('--scanners') ? [] : ['--scanners', 'secret,pipeline,misconfig,code'];
  const all = ['scan', 'dir:.', '--format', 'json', ...scanners, ...words];
  const { status, stdout, stderr } = await runCommand(all, { cwd });
  const report = JSON.parse(stdout) as Readonly<Record<string, readonly Member[]>>;
  const places = (member: string): readonly string[] =>
    (report[member] ?? []).map(({ id, locations }) => `${id} ${locations[0]?.path}:${locations[0]?.line}`);
  return { status, stdout, stderr, places };
}

describe('a scan of a folder', () => {
  test('finds secrets, weak pipelines, faults of configuration and code', async () => {
    const { status, places } = await scan(testFolder(files));

    expect(places('secrets')).toContain('aws-access-key-id settings.txt:1');
    expect(places('pipelines')).toContain('template-injection .github/workflows/ci.yml:7');
    expect(places('misconfigurations')).toContain('privileged-container k8s/pod.yaml:6');
    expect(places('misconfigurations')).toContain('piped-download Dockerfile:2');
    expect(places('code')).toEqual(['js-code-from-string a.js:1']);
    expect(status).toBe(1);
  });

  test('never prints a secret, in any format', async () => {
    const cwd = testFolder(files);

    for (const format of ['table', 'json', 'sarif', 'junit', 'html', 'markdown']) {
      const { stdout, stderr } = await runCommand(['scan', 'dir:.', '--format', format, '--scanners', 'secret,code'], {
        cwd,
      });
      expect(`${format} ${stdout + stderr}`).not.toContain(key);
    }
  });

  test('looks only for what it is asked for', async () => {
    const { places } = await scan(testFolder(files), '--scanners', 'code');

    expect(places('code')).toHaveLength(1);
    expect(places('secrets')).toEqual([]);
  });

  test('a finding is ignored by its fingerprint, wherever it moves', async () => {
    const cwd = testFolder(files);
    const { stdout } = await scan(cwd);
    const [secret] = (JSON.parse(stdout) as { secrets: readonly { fingerprint: string }[] }).secrets;
    const ignored = `ignore:\n  - id: ${secret?.fingerprint}\n    reason: revoked\n`;
    const moved = testFolder({ 'other/place.txt': `\n\nkey: ${key}\n`, '.landwaiterignore.yaml': ignored });

    const again = await scan(moved, '--scanners', 'secret', '--ignore-file', '.landwaiterignore.yaml');

    expect(again.stderr).toBe('');
    expect(again.status).toBe(0);
  });

  test('code rules of the user and results of other analysers are judged together with ours', async () => {
    const rule = 'id: own\nlanguage: js\nmessage: no\nseverity: error\nrule: { pattern: alert($A) }\n';
    const sarif = JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Other' } },
          results: [{ ruleId: 'x', level: 'error', message: { text: 'bad' }, locations: [] }],
        },
      ],
    });
    const cwd = testFolder({ 'a.js': 'alert(1)\n', 'rules.yml': rule, 'other.sarif': sarif });

    const { places } = await scan(cwd, '--scanners', 'code', '--code-rules', 'rules.yml', '--sarif', 'other.sarif');

    expect(places('code')).toEqual(['own a.js:1', 'x unknown:undefined']);
  });
});
