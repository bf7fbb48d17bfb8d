// SPDX-License-Identifier: Apache-2.0
// Wall time of a second scan with every scanner of an unchanged tree of 20,000 files, against listing the same folders and asking for the state of
// every file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { alternate, launcher, runNode } from './process.ts';

const rounds = 7;
const files = 20_000;
const scanners = 'vuln,secret,pipeline,misconfig,code';

const bareWalk = `
const { readdirSync, statSync } = require('node:fs');
let bytes = 0;
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + '/' + entry.name;
    if (entry.isDirectory()) walk(path);
    else bytes += statSync(path).size;
  }
})(process.argv[1]);
`;

export const rescan: Bench = {
  name: 'rescan',
  title:
    'second scan of an unchanged tree of 20,000 files with all scanners against readdir + stat, wall time (at most 300 ms)',
  run: async () => {
    const root = mkdtempSync(join(tmpdir(), 'landwaiter-rescan-'));
    try {
      const cache = join(root, 'cache');
      const tree = join(root, 'tree');
      makeTree(tree);
      const scan = [launcher, 'scan', `dir:${tree}`, '--quiet', '--scanners', scanners, '--file-cache', cache];
      const first = await runNode(scan);
      const [ours, bare] = await alternate(
        rounds,
        () => runNode(scan),
        () => runNode(['-e', bareWalk, tree]),
      );
      return {
        unit: 'ms',
        value: median(ours.map((run) => run.wall)),
        baseline: median(bare.map((run) => run.wall)),
        detail: {
          rounds,
          firstMs: Math.round(first.wall),
          rssMB: Math.round(Math.max(...ours.map((run) => run.rss))),
          cpuMs: Math.round(median(ours.map((run) => run.cpu))),
          status: `${first.status} then ${ours.map(({ status }) => status).join(' ')}`,
        },
      };
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

function makeTree(root: string): void {
  const extensions = ['ts', 'go', 'py', 'java', 'md', 'json', 'yaml', 'css'];
  for (let folder = 0; folder < files / 50; folder += 1) {
    const place = join(root, `part-${folder % 20}`, `module-${folder}`);
    mkdirSync(place, { recursive: true });
    for (let file = 0; file < 50; file += 1) {
      const extension = extensions[file % extensions.length] ?? 'ts';
      const line = extension === 'json' ? '{"answer": 42}\n' : `answer: ${folder * 50 + file}\n`;
      writeFileSync(join(place, `file-${file}.${extension}`), extension === 'json' ? line : line.repeat(40));
    }
  }
}
