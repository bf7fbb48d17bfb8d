// SPDX-License-Identifier: Apache-2.0
// Bundles the command line program: one small entry, one lazily loaded chunk per command and report. Output: dist/.
// What is done here to start fast stands in docs/performance.md, with figures.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { build, transform } from 'esbuild';
import { defer, deferredChunk, deferredEntries, isForwarder } from './bundle/defer.ts';
import type { Chunk } from './bundle/pack.ts';
import { packChunks } from './bundle/pack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const form = {
  platform: 'node',
  target: 'node22.18',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** What Node runs: the command line, and the modules of worker threads. */
const programs: Readonly<Record<string, string>> = {
  main: 'src/apps/cli/main.ts',
  'layer-worker': 'src/apps/images/layer-worker.ts',
};

/** Modules whose chunks share a file with all that they need: the start of every command, what looks at folders, an SBOM, scans. */
const together: readonly (readonly string[])[] = [
  ['src/apps/cli/run.ts'],
  ['src/apps/cli/commands/sbom.ts', 'src/sources/directory.ts', 'src/report/sbom-table.ts', 'src/report/purls.ts'],
  ['src/report/cyclonedx-json.ts'],
  ['src/apps/cli/commands/secrets.ts', 'src/apps/secrets/scan-staged.ts', 'src/io/git.ts', 'src/io/git-changes.ts'],
  ['src/apps/cli/commands/scan.ts', 'src/advisories/database/open.ts', 'src/report/table.ts'],
];

/** Catalogers of files that many repositories have; their code shares a file too. */
const common: readonly string[] = [
  'package-json',
  'npm-lock',
  'yarn-lock',
  'pnpm-lock',
  'go-mod',
  'go-sum',
  'python-requirements',
  'poetry-lock',
  'pyproject',
  'uv-lock',
  'cargo-lock',
  'cargo-toml',
  'maven-pom',
  'gemfile-lock',
  'composer-lock',
  'github-workflow',
  'dockerfile-images',
  'kubernetes-images',
];

/** Builds into `outdir`; returns the sizes in bytes by output file. */
export async function bundle(outdir: string): Promise<Readonly<Record<string, number>>> {
  const { outputFiles, metafile } = await build({
    ...form,
    absWorkingDir: root,
    entryPoints: { ...programs, ...deferredEntries },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    define: { 'import.meta.url': 'moduleUrl' },
    plugins: [defer],
    metafile: true,
    write: false,
  });
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({ name: basename(path), ...output }));
  const chunks = await Promise.all(
    outputFiles.map(async ({ path, text }): Promise<Chunk> => {
      const name = basename(path);
      const needs = outputs.find((output) => output.name === name)?.imports.filter(isStatic) ?? [];
      return { name, code: await toCommonJs(text), needs: needs.map((item) => basename(item.path)) };
    }),
  );
  const chunkOf = (entry: string): string => outputs.find((output) => output.entryPoint === entry)?.name ?? entry;
  // Many files need these few lines: wherever else they stood, that file would be loaded for them.
  const forwarders = outputs
    .filter(({ inputs }) => Object.keys(inputs).length > 0 && Object.keys(inputs).every(isForwarder))
    .map(({ name }) => name);
  const files = packChunks(chunks, {
    program: 'main.cjs',
    workers: ['layer-worker.cjs'],
    loader: await loaderCode(),
    starts: [
      ...together.map((entries, index) => [...entries.map(chunkOf), ...(index === 0 ? forwarders : [])]),
      common.map((id) => `${deferredChunk(id)}.cjs`),
    ],
  });
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(outdir, name), text);
  return Object.fromEntries([...files].map(([name, text]) => [name, Buffer.byteLength(text)]));
}

/** The loader that stands at the beginning of main files, as CommonJS. */
export async function loaderCode(): Promise<string> {
  const text = readFileSync(new URL('bundle/loader.ts', import.meta.url), 'utf8');
  const { code } = await transform(text, { ...form, loader: 'ts', format: 'cjs' });
  return code;
}

type OutputImport = Metafile['outputs'][string]['imports'][number];

function isStatic({ kind, external }: OutputImport): boolean {
  return kind === 'import-statement' && external !== true;
}

/**
 * esbuild splits modules only, so each chunk is converted afterwards: Node loads CommonJS several times faster. Dynamic imports become
 * calls of `require` behind a promise.
 */
async function toCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, { ...form, format: 'cjs', supported: { 'dynamic-import': false } });
  return code.includes('moduleUrl')
    ? `const moduleUrl=require("node:url").pathToFileURL(__filename).href;\n${code}`
    : code;
}

if (import.meta.main) {
  const sizes = await bundle(fileURLToPath(new URL('../dist', import.meta.url)));
  if (!process.argv.includes('--quiet')) {
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    console.log(`dist/: ${Object.keys(sizes).length} files, ${Math.round(total / 1024)} KiB`);
  }
}
