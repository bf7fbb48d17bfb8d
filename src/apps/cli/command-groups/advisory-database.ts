// SPDX-License-Identifier: Apache-2.0
// The command that keeps the advisory database. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const advisoryDatabaseCommands: readonly CommandEntry[] = [
  {
    name: 'db',
    summary: 'build, publish, import, update or show the advisory database',
    operands: 'status | update | build INPUT... | push FOLDER | import INPUT...',
    description:
      'The database is a folder of immutable files with a signed index. One ships with the program, so scans need no network; `update` fetches newer files from a mirror, and only when it is called.',
    flags: [
      'database',
      'trust-key',
      'from',
      'to',
      'insecure-registry',
      'ecosystem',
      'key',
      'expires-in',
      'feed',
      'format',
      'output',
    ],
    examples: [
      { command: 'landwaiter db status', does: 'age, sources and size of what scans use' },
      { command: 'landwaiter db update --from https://mirror.example.com/landwaiter', does: 'fetch what is newer' },
      {
        command: 'landwaiter db build osv-npm.zip kev.json --key key.pem --output ./mirror',
        does: 'make a mirror of your own',
      },
      {
        command: 'landwaiter db push ./mirror --to oci://registry.example.com/security/advisories:v1',
        does: 'publish it in a registry, for --from oci://…',
      },
    ],
    exits: { 0: 'done', 2: 'wrong usage or configuration', 3: 'the database could not be read, fetched or trusted' },
    load: () => import('../commands/db.ts'),
  },
];
