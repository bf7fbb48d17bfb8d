// SPDX-License-Identifier: Apache-2.0
// Builds Go programs that tests run, once: what was built lies outside of the repository, in a folder that is named after the files it was made of.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface GoBuild {
  /** Folder of the cache, and what is said when it cannot be built: `helm`. */
  readonly name: string;
  /** Folder with the go.mod. All its Go files, go.mod and go.sum count for the cache. */
  readonly module: string;
  /** Paths of packages as `go build` takes them. */
  readonly packages: readonly string[];
  /** Names of the programs that come out. */
  readonly programs: readonly string[];
  /** Values of variables by their full names: `k8s.io/component-base/version.gitVersion`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What is said before a build, which takes minutes. */
  readonly announcement: string;
}

export type GoPrograms =
  | { readonly kind: 'built'; readonly folder: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Takes minutes when nothing is built yet, and says so through `log`. `missing` where Go is, or where the build fails. */
export async function builtPrograms(wanted: GoBuild, log: (line: string) => void): Promise<GoPrograms> {
  const folder = cacheFolder(wanted);
  if (wanted.programs.every((name) => existsSync(join(folder, name)))) return { kind: 'built', folder };
  if (spawnSync('go', ['version'], { stdio: 'ignore' }).status !== 0)
    return { kind: 'missing', reason: `Go is not installed, which builds ${wanted.name}` };
  log(wanted.announcement);
  const started = performance.now();
  const partial = `${folder}.${process.pid}`;
  const fault = await build(wanted, partial);
  if (fault !== undefined) {
    rmSync(partial, { recursive: true, force: true });
    return { kind: 'missing', reason: `${wanted.name} cannot be built: ${fault}` };
  }
  // Somebody else may have been faster, with the same result.
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  log(`built in ${Math.round((performance.now() - started) / 1_000)} s`);
  return { kind: 'built', folder };
}

function cacheFolder({ name, module }: GoBuild): string {
  const hash = createHash('sha256');
  const sources = readdirSync(module, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.go$|^go\.(?:mod|sum)$/.test(file),
  );
  for (const file of sources.sort()) hash.update(`${file}\0`).update(readFileSync(join(module, file)));
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'landwaiter', name, hash.digest('hex').slice(0, 16));
}

function build({ module, packages, variables }: GoBuild, target: string): Promise<string | undefined> {
  mkdirSync(target, { recursive: true });
  const stated = Object.entries(variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const child = spawn(
    'go',
    ['build', '-trimpath', '-ldflags', ['-s', '-w', ...stated].join(' '), '-o', `${target}/`, ...packages],
    { cwd: module, env: { ...process.env, CGO_ENABLED: '0' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status === 0 ? undefined : said.trim() || `go build ended with ${status}`));
  });
}
