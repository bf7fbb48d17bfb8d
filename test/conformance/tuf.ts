// SPDX-License-Identifier: Apache-2.0
// Runs the TUF pack: repositories made by others, and the behaviours that its README names, each rebuilt in tuf/behaviours.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TufMirror, TufStore } from '../../src/evidence/trust-roots/tuf-files.ts';
import { fetchTarget } from '../../src/evidence/trust-roots/tuf-targets.ts';
import { updateTrust } from '../../src/evidence/trust-roots/tuf-update.ts';
import { storedFolder } from '../../src/io/stored-files.ts';
import { folderUpdateMirror } from '../../src/io/tuf-mirror.ts';
import { TufRepository } from '../support/tuf-repository.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, expectEqual, failed } from './pack.ts';
import { tufBehaviours } from './tuf/behaviours.ts';

async function download(folder: string, mirror: TufMirror, time: number): Promise<string> {
  const files = new Map<string, Uint8Array>();
  const store: TufStore = {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    remove: (name) => void files.delete(name),
  };
  const trusted = await updateTrust({
    initialRoot: readFileSync(join(folder, 'initial_root.json')),
    mirror,
    store,
    time,
  });
  if ('kind' in trusted) return trusted.code;
  const path = readFileSync(join(folder, 'targetpath'), 'utf8').trim();
  const content = await fetchTarget(trusted, path, { mirror, store, time });
  return content instanceof Uint8Array ? 'downloaded' : 'refused';
}

/** Must work at its instant, and not long after, nor with a changed byte in one of the three files. */
async function runStatic(folder: string): Promise<CaseResult> {
  const mirror = folderUpdateMirror(storedFolder(join(folder, 'metadata')), storedFolder(join(folder, 'targets')));
  const time = Date.parse(readFileSync(join(folder, 'faketime'), 'utf8').trim().replace(' ', 'T'));
  const outcomes = [
    await download(folder, mirror, time),
    await download(folder, mirror, time + 100 * 365 * 86_400_000),
  ];
  for (const kind of ['timestamp', 'snapshot', 'targets']) {
    const changed: TufMirror = {
      ...mirror,
      metadata: async (name, maximum) => {
        const file = await mirror.metadata(name, maximum);
        if (file.kind !== 'bytes' || !name.endsWith(`${kind}.json`)) return file;
        const text = Buffer.from(file.bytes)
          .toString()
          .replace(/"version": ?(\d+)(?=[^"]*"?x?-?)/g, '"version": 9$1');
        return { kind: 'bytes', bytes: Buffer.from(text) };
      },
    };
    outcomes.push(await download(folder, changed, time));
  }
  const [first, ...rest] = outcomes;
  return first === 'downloaded' && !rest.includes('downloaded')
    ? expectEqual(1, 1)
    : failed('downloaded once', outcomes);
}

function staticCase(root: string, name: string): ConformanceCase {
  const place = join(root, 'static', name);
  return {
    id: `static/${name}`,
    run: async () => {
      if (!name.endsWith('.tar.gz')) return runStatic(place);
      const temporary = mkdtempSync(join(tmpdir(), 'tuf-pack-'));
      try {
        execFileSync('tar', ['xzf', place, '-C', temporary]);
        return await runStatic(join(temporary, readdirSync(temporary)[0] ?? ''));
      } finally {
        rmSync(temporary, { recursive: true });
      }
    },
  };
}

export const tufPack: ConformancePack = {
  name: 'tuf',
  cases(root) {
    const folder = join(root, 'static');
    const readme = join(root, 'README.md');
    const names = existsSync(readme)
      ? [...readFileSync(readme, 'utf8').matchAll(/^\s*- (test_\w+)\s*$/gm)].map((match) => match[1] ?? '')
      : [];
    const repositories = (existsSync(folder) ? readdirSync(folder) : []).map((name) => staticCase(root, name));
    const behaviours = names.map(
      (id): ConformanceCase => ({
        id,
        run: async () => {
          // The static repositories are this behaviour.
          if (id === 'test_static_repository' && repositories.length > 0) {
            const results = await Promise.all(repositories.map(async (item) => item.run()));
            return results.find(({ outcome }) => outcome !== 'passed') ?? { outcome: 'passed' };
          }
          const behaviour = Object.hasOwn(tufBehaviours, id) ? tufBehaviours[id] : undefined;
          if (behaviour === undefined) return failed('a rebuilt behaviour', 'none');
          const [expected, actual] = await behaviour(new TufRepository());
          return expectEqual(expected, actual);
        },
      }),
    );
    return [...repositories, ...behaviours];
  },
};
