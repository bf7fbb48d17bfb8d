// SPDX-License-Identifier: Apache-2.0
// The command that keeps the trust root of Sigstore. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const trustRootCommands: readonly CommandEntry[] = [
  {
    name: 'trust-root',
    summary: 'fetch a Sigstore trust root with TUF, or show the one that was fetched',
    operands: 'update | status | show',
    description:
      'A trust root comes from a TUF repository: a mirror that is not trusted, checked from an initial root that you hand over once. `update` is the only thing that asks the mirror; verification reads the file that it wrote (--trusted-root). `status` shows until when each role is valid, `show` prints the root; both work offline.',
    flags: ['from', 'initial-root', 'targets-from', 'root-target', 'trust-folder', 'format', 'output'],
    examples: [
      {
        command: 'landwaiter trust-root update --from https://tuf.example.com --initial-root root.json',
        does: 'pin the root, fetch and check the rest',
      },
      { command: 'landwaiter trust-root update', does: 'the same mirror again' },
      { command: 'landwaiter trust-root status', does: 'versions, and the expiry of each role' },
    ],
    exits: {
      0: 'done, and everything is valid',
      1: 'the repository was refused, or what is stored has expired',
      2: 'wrong usage or configuration',
      3: 'the mirror could not be asked, or nothing is stored',
    },
    load: () => import('../commands/trust-root.ts'),
  },
];
