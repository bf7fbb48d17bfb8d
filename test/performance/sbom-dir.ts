// SPDX-License-Identifier: Apache-2.0
// Wall time of a CycloneDX SBOM of a monorepo with 100,000 files, against a bare listing of the same folders plus reading the same manifests.
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { monorepo } from './monorepo.ts';
import { alternate, launcher, runNode } from './process.ts';

const rounds = 5;

const bareWalk = `
const { readdirSync, readFileSync } = require('node:fs');
const names = new Set(['package.json', 'package-lock.json', 'go.mod', 'go.sum', 'requirements.txt', 'Cargo.toml', 'Cargo.lock']);
let bytes = 0;
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + '/' + entry.name;
    if (entry.isDirectory()) walk(path);
    else if (names.has(entry.name)) bytes += readFileSync(path).length;
  }
})(process.argv[1]);
`;

export const sbomDir: Bench = {
  name: 'sbom-dir',
  title: 'SBOM of a 100,000-file monorepo against readdir + read of the same manifests, wall time',
  run: async () => {
    const root = monorepo();
    const [ours, bare] = await alternate(
      rounds,
      () => runNode([launcher, 'sbom', `dir:${root}`, '--format', 'cyclonedx', '--quiet']),
      () => runNode(['-e', bareWalk, root]),
    );
    return {
      unit: 'ms',
      value: median(ours.map((run) => run.wall)),
      baseline: median(bare.map((run) => run.wall)),
      detail: {
        rounds,
        rssMB: Math.round(Math.max(...ours.map((run) => run.rss))),
        cpuMs: Math.round(median(ours.map((run) => run.cpu))),
        status: String(ours[0]?.status),
      },
    };
  },
};
