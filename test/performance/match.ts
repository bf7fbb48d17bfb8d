// SPDX-License-Identifier: Apache-2.0
// Time from opening the database to the last finding for 3,000 packages, in a fresh process whose modules are loaded and whose packages
// are parsed; against reading and unpacking the same shards in a process of the same kind. `detail` has the whole command as well.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { matchPackagesOf } from './match-packages.ts';
import { launcher, outputOfNode, runNode } from './process.ts';

const database = fileURLToPath(new URL('../../data/advisories', import.meta.url));
const packages = 3000;
const rounds = 11;

interface Figures {
  readonly milliseconds: number;
  readonly rss: number;
  readonly findings?: number;
  readonly affected?: number;
}

export const matchBench: Bench = {
  name: 'match',
  title:
    '3,000 packages from opening the database to the last finding, in a fresh process, against reading and unpacking the same shards',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'landwaiter-match-'));
    try {
      const program = join(folder, 'match-program.cjs');
      await bundleProgram(program);
      const document = join(folder, 'sbom.cdx.json');
      writeFileSync(document, sbom());
      const ours: Figures[] = [];
      const bare: Figures[] = [];
      const scans: number[] = [];
      // One round more, uncounted.
      for (let round = 0; round <= rounds; round += 1) {
        const matched = await figuresOf([program, 'match', database, String(packages)]);
        const unpacked = await figuresOf([program, 'bare', database]);
        const scan = await runNode([launcher, 'scan', `sbom:${document}`, '--format', 'json', '--quiet'], {
          expect: 1,
        });
        if (round === 0) continue;
        ours.push(matched);
        bare.push(unpacked);
        scans.push(scan.wall);
      }
      return {
        unit: 'ms',
        value: median(ours.map((run) => run.milliseconds)),
        baseline: median(bare.map((run) => run.milliseconds)),
        detail: {
          rounds,
          packages,
          affected: ours[0]?.affected ?? 0,
          findings: ours[0]?.findings ?? 0,
          rssMB: Math.max(...ours.map((run) => run.rss)),
          scanSbomWallMs: Math.round(median(scans)),
        },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function bundleProgram(outfile: string): Promise<void> {
  const entry = fileURLToPath(new URL('./match-program.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22.18',
    logLevel: 'warning',
  });
}

async function figuresOf(args: readonly string[]): Promise<Figures> {
  return JSON.parse(await outputOfNode(args)) as Figures;
}

function sbom(): string {
  const components = matchPackagesOf(packages).map(({ name, version, purl, id }) => ({
    type: 'library',
    'bom-ref': id,
    name,
    version,
    purl,
  }));
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}
