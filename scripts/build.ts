// SPDX-License-Identifier: Apache-2.0
// Bundles the command line program: one small entry, one lazily loaded chunk per command and report. Output: dist/.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds into `outdir`; returns the sizes in bytes by output file. */
export async function bundle(outdir: string): Promise<Readonly<Record<string, number>>> {
  rmSync(outdir, { recursive: true, force: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/apps/cli/main.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return Object.fromEntries(Object.entries(result.metafile.outputs).map(([file, output]) => [file, output.bytes]));
}

if (import.meta.main) {
  const sizes = await bundle(fileURLToPath(new URL('../dist', import.meta.url)));
  if (!process.argv.includes('--quiet')) {
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    console.log(`dist/: ${Object.keys(sizes).length} files, ${Math.round(total / 1024)} KiB`);
  }
}
