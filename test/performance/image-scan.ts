// SPDX-License-Identifier: Apache-2.0
// SBOM of a 1 GB image of two layers against unpacking and hashing the same layers and nothing else, whole processes, CPU time: the figure
// that counts per core. Wall time, where the two layers can be read at once, and memory are in the details: also of 4 GB with the same packages (what layers hold
// must not matter) and with four times as many (which are in the document, so they take memory).
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import type { LargeImage } from './large-image.ts';
import { largeImage } from './large-image.ts';
import type { ProcessFigures } from './process.ts';
import { alternate, runNode } from './process.ts';

const launcher = fileURLToPath(new URL('../../bin/landwaiter.cjs', import.meta.url));
const rounds = 3;

/** Both digests of every layer, one layer after the other, with large chunks. */
const bareRead = `
const { createHash } = require('node:crypto');
const { createReadStream } = require('node:fs');
const { createGunzip } = require('node:zlib');
(async () => {
  for (const file of process.argv.slice(1)) {
    const [outer, inner] = [createHash('sha256'), createHash('sha256')];
    const gunzip = createGunzip({ chunkSize: 1024 * 1024 });
    const source = createReadStream(file, { highWaterMark: 512 * 1024 });
    source.on('data', (chunk) => outer.update(chunk));
    source.pipe(gunzip);
    for await (const chunk of gunzip) inner.update(chunk);
    outer.digest('hex');
    inner.digest('hex');
  }
})();
`;

export const imageScan: Bench = {
  name: 'image-scan',
  title: 'SBOM of a 1 GB image of two layers against gunzip + sha256 of the same layers, CPU time',
  run: async () => {
    const image = await largeImage();
    const look = ({ path }: LargeImage): Promise<ProcessFigures> =>
      runNode([launcher, 'sbom', `oci-dir:${path}`, '--layer-cache', 'off', '--format', 'cyclonedx', '--quiet']);
    const [ours, bare] = await alternate(
      rounds,
      () => look(image),
      () => runNode(['-e', bareRead, ...image.layers]),
    );
    const larger = await look(await largeImage({ factor: 4, packages: 'same' }));
    const fuller = await look(await largeImage({ factor: 4, packages: 'more' }));
    const value = median(ours.map((run) => run.cpu));
    const baseline = median(bare.map((run) => run.cpu));
    const wall = median(ours.map((run) => run.wall));
    const megabytes = image.unpackedBytes / 1_000_000;
    return {
      unit: 'ms',
      value,
      baseline,
      detail: {
        rounds,
        unpackedMB: Math.round(megabytes),
        packedMB: Math.round(image.packedBytes / 1_000_000),
        speed: Number((baseline / value).toFixed(3)),
        wallMs: Math.round(wall),
        bareWallMs: Math.round(median(bare.map((run) => run.wall))),
        megabytesPerSecond: Math.round(megabytes / (wall / 1000)),
        rssMB: Math.round(Math.max(...ours.map((run) => run.rss))),
        rssOf4GB: Math.round(larger.rss),
        rssOf4GBMorePackages: Math.round(fuller.rss),
        bareRssMB: Math.round(Math.max(...bare.map((run) => run.rss))),
        status: String(ours[0]?.status),
      },
    };
  },
};
