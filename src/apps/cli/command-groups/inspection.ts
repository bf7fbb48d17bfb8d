// SPDX-License-Identifier: Apache-2.0
// Commands that look at a target: what it is made of, and what is wrong with it. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';
import type { FlagName } from '../flags.ts';

/** Flags of every command that finds packages. */
const packageFlags: readonly FlagName[] = [
  'exclude',
  'platform',
  'insecure-registry',
  'layer-cache',
  'guess-unpinned',
  'exclude-dev',
  'license-registry',
];

/** Which findings count. */
const countingFlags: readonly FlagName[] = [
  'severity',
  'fail-on',
  'exit-code',
  'ignore-unfixed',
  'only-notfixed',
  'ignore-status',
];

/** What a report is written as. */
const reportFlags: readonly FlagName[] = ['format', 'format-version', 'output'];

export const inspectionCommands: readonly CommandEntry[] = [
  {
    name: 'scan',
    summary: 'look at a target and say what is wrong with it',
    operands: 'TARGET...',
    description:
      'Finds the packages of a source tree, a revision of a git repository, a lock file, a container image or an SBOM, and matches them with the advisory database. Nothing is executed and no network is used.',
    flags: [
      'scanners',
      'misconfig-profile',
      'misconfig-config',
      'include-deprecated-checks',
      'file-patterns',
      'code-rules',
      'sarif',
      'images',
      'jobs',
      ...packageFlags,
      'file-cache',
      ...countingFlags,
      'tolerate',
      'license-allow',
      'license-deny',
      'ignore-file',
      'vex',
      ...reportFlags,
      'evidence',
      'show-suppressed',
      'database',
      'trust-key',
    ],
    formats: 'scan',
    examples: [
      { command: 'landwaiter scan .', does: 'the current folder, as a table' },
      { command: 'landwaiter scan git:.@v1.4 --fail-on critical', does: 'a tag, without touching the work tree' },
      {
        command: 'landwaiter scan sbom.json --format sarif --output findings.sarif',
        does: 'an SBOM, for a code scanning page',
      },
    ],
    exits: {
      0: 'nothing found at or over the threshold, and everything could be looked at',
      1: 'findings at or over the threshold (--fail-on)',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/scan.ts'),
  },
  {
    name: 'sbom',
    summary: 'list what a target is made of',
    operands: 'TARGET',
    description:
      'Writes a software bill of materials. The same input with the same SOURCE_DATE_EPOCH gives the same bytes. What could not be read is named on stderr and in the document.',
    flags: [...packageFlags, 'go-symbols', ...reportFlags, 'evidence'],
    formats: 'sbom',
    examples: [
      { command: 'landwaiter sbom dir:. --output cyclonedx > sbom.json', does: 'CycloneDX 1.6 to standard output' },
      { command: 'landwaiter sbom . -o spdx-json=sbom.spdx.json -o table', does: 'two forms in one run' },
    ],
    exits: {
      0: 'written, and everything could be read',
      2: 'wrong usage or configuration',
      3: 'written, but something could not be read',
    },
    load: () => import('../commands/sbom.ts'),
  },
  {
    name: 'convert',
    summary: 'write the report of a scan in another form',
    operands: 'REPORT',
    description:
      'Reads a JSON report of landwaiter, Trivy (schema 2) or Grype and writes it in any format, SBOM formats included. Findings, suppressed ones and packages are taken as the report states them; nothing is looked up again. `-` reads from standard input.',
    flags: [...countingFlags, ...reportFlags, 'show-suppressed'],
    formats: 'convert',
    examples: [
      { command: 'landwaiter convert report.json --format sarif -o findings.sarif', does: 'one scan, several forms' },
      { command: 'landwaiter convert trivy.json --format html -o page.html', does: "another scanner's report" },
    ],
    exits: {
      0: 'written',
      1: 'written, and there are findings at or over --fail-on (never, when it is not given)',
      2: 'wrong usage or configuration',
      3: 'the report could not be read as a whole, or says that something could not be looked at',
    },
    load: () => import('../commands/convert.ts'),
  },
  {
    name: 'explain',
    summary: 'say why a vulnerability or a package is in the result, and what clears it',
    operands: 'ID|PACKAGE [TARGET]',
    description:
      'Names the advisory, the range that contains the installed version, the way the package comes in, and the smallest upgrade. TARGET is the current folder when not given.',
    flags: [...packageFlags, 'ignore-file', 'vex', 'format', 'output', 'database', 'trust-key'],
    examples: [{ command: 'landwaiter explain CVE-2021-23337 dir:.', does: 'one vulnerability in the current folder' }],
    exits: {
      0: 'explained',
      1: 'the target is not affected by it',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('../commands/explain.ts'),
  },
];
