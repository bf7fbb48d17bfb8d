// SPDX-License-Identifier: Apache-2.0
// Speed of the search for secrets in 100 MB of generated source, whole process, in bytes per CPU second, against a process that only reads
// the same files. The ratio is a share of the read speed.
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { alternate, launcher, runNode } from './process.ts';
import { secretTree } from './secret-tree.ts';

const rounds = 3;
const megabytes = 100;

const bareRead = `
const { readdirSync, readFileSync } = require('node:fs');
let bytes = 0;
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + '/' + entry.name;
    if (entry.isDirectory()) walk(path);
    else bytes += readFileSync(path).length;
  }
})(process.argv[1]);
`;

export const secretsTree: Bench = {
  name: 'secrets-tree',
  title: 'search for secrets in 100 MB of source against reading the same files, MB per CPU second',
  run: async () => {
    const root = secretTree(megabytes);
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([launcher, 'secrets', 'dir', root, '--format', 'json', '--quiet'], { expect: 1 }),
      () => runNode(['-e', bareRead, root]),
    );
    return {
      unit: 'MB/s',
      value: megabytes / (median(ours.map((run) => run.cpu)) / 1000),
      baseline: megabytes / (median(bare.map((run) => run.cpu)) / 1000),
      detail: {
        rounds,
        wallMs: Math.round(median(ours.map((run) => run.wall))),
        rssMB: Math.round(Math.max(...ours.map((run) => run.rss))),
      },
    };
  },
};
