// SPDX-License-Identifier: Apache-2.0
// `npm start`: builds the program and runs its main job on the example supply chain, command by command, as a newcomer would type them.
// Findings are the expected result there, so it ends with 0 as long as every command did its job.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from './build.ts';
import { showAdmission } from './example-admission.ts';
import { writeExampleImage } from './example-image.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Step {
  readonly does: string;
  readonly words: readonly string[];
  /** Exit statuses that mean the command did its job. */
  readonly expect: readonly number[];
}

const example = 'examples/supply-chain';
const steps: readonly Step[] = [
  {
    does: 'What is it made of?',
    words: ['sbom', `dir:${example}`, '--output', 'cyclonedx=out/sbom.cdx.json', '--output', 'table'],
    expect: [0],
  },
  {
    does: 'What is wrong with it?',
    words: [
      'scan',
      `dir:${example}`,
      '--output',
      'table',
      '--output',
      'html=out/report.html',
      '--output',
      'sarif=out/report.sarif',
      '--evidence',
      'out/evidence.jsonl',
    ],
    expect: [0, 1],
  },
  {
    does: 'How could an outsider get to a secret, or to production?',
    words: ['pipeline', example, '--map', '--format', 'html', '--output', 'out/map.html'],
    expect: [0, 1],
  },
  {
    does: 'The same on the screen',
    words: ['pipeline', example, '--map'],
    expect: [0, 1],
  },
  {
    does: 'Would a cluster with the shipped policies take the manifests?',
    words: ['policy', 'apply', 'rules/policies', '--resource', `${example}/deploy`],
    expect: [1],
  },
  {
    does: "And one with the team's own policies of Kyverno? What would they change and make?",
    words: [
      'policy',
      'apply',
      `${example}/policies`,
      '--resource',
      `${example}/deploy`,
      '--output',
      'table',
      '--output',
      'openreports=out/policy-reports.yaml',
    ],
    expect: [1],
  },
  { does: 'Are those policies tested?', words: ['policy', 'test', `${example}/policies`], expect: [0] },
  { does: 'Why, and what clears it?', words: ['explain', 'CVE-2021-23337', `dir:${example}`], expect: [0] },
  {
    does: 'Does the SBOM alone give the same answer?',
    words: [
      'scan',
      'out/sbom.cdx.json',
      '--fail-on',
      'critical',
      '--output',
      'markdown=out/report.md',
      '--output',
      'json=out/report.json',
    ],
    expect: [0, 1],
  },
  {
    does: 'And the image that was built from it?',
    words: [
      'scan',
      'oci-dir:out/image',
      '--fail-on',
      'critical',
      '--output',
      'table',
      '--output',
      'html=out/image.html',
    ],
    expect: [0, 1, 3],
  },
  {
    does: 'A key to sign with (encrypted; the password comes from the environment)',
    words: ['key', 'generate', '--output-key-prefix', 'out/release', '--force'],
    expect: [0],
  },
  {
    does: 'Where does the SBOM come from? What this machine can honestly say',
    words: ['provenance', 'generate', 'out/sbom.cdx.json', '--output', 'out/provenance.json'],
    expect: [0],
  },
  {
    does: 'Sign the SBOM',
    words: ['sign-blob', 'out/sbom.cdx.json', '--key', 'out/release.key', '--bundle', 'out/sbom.sigstore.json'],
    expect: [0],
  },
  {
    does: 'Is it signed by who must have signed it?',
    words: [
      'verify-blob',
      'out/sbom.cdx.json',
      '--key',
      'out/release.pub',
      '--bundle',
      'out/sbom.sigstore.json',
      '--insecure-ignore-tlog',
    ],
    expect: [0],
  },
  {
    does: 'And another file with the same proof?',
    words: [
      'verify-blob',
      'out/report.json',
      '--key',
      'out/release.pub',
      '--bundle',
      'out/sbom.sigstore.json',
      '--insecure-ignore-tlog',
    ],
    expect: [1],
  },
];

function run(does: string, words: readonly string[]): number | null {
  process.stdout.write(`\n# ${does}\n$ landwaiter ${words.join(' ')}\n`);
  const { status: exit } = spawnSync(process.execPath, ['bin/landwaiter.cjs', ...words], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, LANDWAITER_PASSWORD: 'only for the example' },
  });
  process.stdout.write(`exit ${exit}\n`);
  return exit;
}

await bundle(`${root}dist`);
mkdirSync(`${root}out`, { recursive: true });
writeExampleImage(`${root}out/image`, `${root}${example}/services/checkout`);
let status = 0;
for (const { does, words, expect } of steps) if (!expect.includes(run(does, words) ?? -1)) status = 1;
const print = (text: string): boolean => process.stdout.write(text);
if (!(await showAdmission({ root, run, print }))) status = 1;
print(
  '\nWritten to out/: sbom.cdx.json, report.html, report.sarif, report.md, report.json, evidence.jsonl, policy-reports.yaml, image/, image.html, release.key, release.pub, sbom.sigstore.json, certificates/, decisions/\n',
);
process.exitCode = status;
