// SPDX-License-Identifier: Apache-2.0
// The list of all commands. A new one is one file and one entry here; its module is loaded only when it runs.
import type { CommandEntry } from '../command.ts';

export const commands: readonly CommandEntry[] = [
  {
    name: 'scan',
    summary: 'look at a target and say what is wrong with it',
    operands: 'TARGET...',
    description:
      'Finds the packages of a source tree, a revision of a git repository, a lock file or an SBOM, and matches them with the advisory database. Nothing is executed and no network is used.',
    flags: [
      'scanners',
      'exclude',
      'exclude-dev',
      'severity',
      'fail-on',
      'exit-code',
      'tolerate',
      'ignore-unfixed',
      'only-notfixed',
      'ignore-status',
      'ignore-file',
      'vex',
      'format',
      'format-version',
      'output',
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
    load: () => import('./scan.ts'),
  },
  {
    name: 'sbom',
    summary: 'list what a target is made of',
    operands: 'TARGET',
    description:
      'Writes a software bill of materials. The same input with the same SOURCE_DATE_EPOCH gives the same bytes. What could not be read is named on stderr and in the document.',
    flags: ['exclude', 'exclude-dev', 'format', 'format-version', 'output', 'evidence'],
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
    load: () => import('./sbom.ts'),
  },
  {
    name: 'explain',
    summary: 'say why a vulnerability or a package is in the result, and what clears it',
    operands: 'ID|PACKAGE [TARGET]',
    description:
      'Names the advisory, the range that contains the installed version, the way the package comes in, and the smallest upgrade. TARGET is the current folder when not given.',
    flags: ['exclude', 'exclude-dev', 'ignore-file', 'vex', 'format', 'output', 'database', 'trust-key'],
    examples: [{ command: 'landwaiter explain CVE-2021-23337 dir:.', does: 'one vulnerability in the current folder' }],
    exits: {
      0: 'explained',
      1: 'the target is not affected by it',
      2: 'wrong usage or configuration',
      3: 'something could not be looked at',
    },
    load: () => import('./explain.ts'),
  },
  {
    name: 'db',
    summary: 'build, import, update or show the advisory database',
    operands: 'status | update | build INPUT... | import INPUT...',
    description:
      'The database is a folder of immutable files with a signed index. One ships with the program, so scans need no network; `update` fetches newer files from a mirror, and only when it is called.',
    flags: ['database', 'trust-key', 'from', 'ecosystem', 'key', 'expires-in', 'feed', 'format', 'output'],
    examples: [
      { command: 'landwaiter db status', does: 'age, sources and size of what scans use' },
      { command: 'landwaiter db update --from https://mirror.example.com/landwaiter', does: 'fetch what is newer' },
      {
        command: 'landwaiter db build osv-npm.zip kev.json --key key.pem --output ./mirror',
        does: 'make a mirror of your own',
      },
    ],
    exits: { 0: 'done', 2: 'wrong usage or configuration', 3: 'the database could not be read, fetched or trusted' },
    load: () => import('./db.ts'),
  },
  {
    name: 'catalogers',
    summary: 'list which files are read, and what can be seen in each',
    operands: '',
    description:
      'One line for each kind of file: ecosystem, whether versions are exact, which dependencies, scopes, licences and digests it tells of, and what it cannot see.',
    flags: ['format', 'output'],
    examples: [{ command: 'landwaiter catalogers --format json', does: 'the same as data' }],
    exits: { 0: 'listed', 2: 'wrong usage' },
    load: () => import('./catalogers.ts'),
  },
  {
    name: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    operands: 'bash | zsh | fish',
    description: 'The script completes commands, flags and closed sets of values.',
    flags: [],
    examples: [{ command: 'source <(landwaiter completion bash)', does: 'for this shell' }],
    exits: { 0: 'printed', 2: 'unknown shell' },
    load: () => import('./completion.ts'),
  },
];
