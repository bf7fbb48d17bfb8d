// SPDX-License-Identifier: Apache-2.0
// Commands that tell of the program itself. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const programCommands: readonly CommandEntry[] = [
  {
    name: 'catalogers',
    summary: 'list which files are read, and what can be seen in each',
    operands: '',
    description:
      'One line for each kind of file: ecosystem, whether versions are exact, which dependencies, scopes, licences and digests it tells of, and what it cannot see.',
    flags: ['format', 'output'],
    examples: [{ command: 'landwaiter catalogers --format json', does: 'the same as data' }],
    exits: { 0: 'listed', 2: 'wrong usage' },
    load: () => import('../commands/catalogers.ts'),
  },
  {
    name: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    operands: 'bash | zsh | fish',
    description: 'The script completes commands, flags and closed sets of values.',
    flags: [],
    examples: [{ command: 'source <(landwaiter completion bash)', does: 'for this shell' }],
    exits: { 0: 'printed', 2: 'unknown shell' },
    load: () => import('../commands/completion.ts'),
  },
];
