// SPDX-License-Identifier: Apache-2.0
// SBOM of a 1 GB image whose layers are in the cache against the first SBOM of the same image, whole processes, CPU time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { largeImage } from './large-image.ts';
import type { ProcessFigures } from './process.ts';
import { alternate, runNode } from './process.ts';

const launcher = fileURLToPath(new URL('../../bin/landwaiter.cjs', import.meta.url));
const rounds = 3;

export const imageRescan: Bench = {
  name: 'image-rescan',
  title: 'SBOM of a 1 GB image with cached layers against the first one, CPU time',
  run: async () => {
    const image = await largeImage();
    const cache = mkdtempSync(join(tmpdir(), 'landwaiter-layers-'));
    const look = (folder: string): Promise<ProcessFigures> =>
      runNode([launcher, 'sbom', `oci-dir:${image.path}`, '--layer-cache', folder, '--format', 'cyclonedx', '--quiet']);
    const [again, first] = await alternate(
      rounds,
      () => look(cache),
      () => {
        rmSync(join(cache, 'empty'), { recursive: true, force: true });
        return look(join(cache, 'empty'));
      },
    );
    rmSync(cache, { recursive: true, force: true });
    return {
      unit: 'ms',
      value: median(again.map((run) => run.cpu)),
      baseline: median(first.map((run) => run.cpu)),
      detail: {
        rounds,
        wallMs: Math.round(median(again.map((run) => run.wall))),
        firstWallMs: Math.round(median(first.map((run) => run.wall))),
        rssMB: Math.round(Math.max(...again.map((run) => run.rss))),
        status: String(again[0]?.status),
      },
    };
  },
};
