// SPDX-License-Identifier: Apache-2.0
// Walks every explicit list: each file of a collection is listed, ids are unique, names fit the files, and what users can choose is documented.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { completeLock } from '../scripts/lockfile.ts';
import { feeds } from '../src/advisories/feeds/index.ts';
import { matchers } from '../src/advisories/matchers/index.ts';
import { versionOrders } from '../src/advisories/versions/index.ts';
import { commands } from '../src/apps/cli/commands/index.ts';
import { flagTable, generalFlags } from '../src/apps/cli/flags.ts';
import { imageChecks } from '../src/evidence/images/checks/index.ts';
import { catalogers } from '../src/evidence/packages/index.ts';
import { pipelineChecks } from '../src/evidence/pipelines/checks/index.ts';
import { ciSystems } from '../src/evidence/pipelines/systems/index.ts';
import { version } from '../src/model/version.ts';
import { reports } from '../src/report/index.ts';
import { packs } from './conformance/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function filesIn(folder: string): string[] {
  return readdirSync(root + folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => basename(file, '.ts'));
}

function duplicates(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

describe('catalogers', () => {
  const ids = catalogers.map((cataloger) => cataloger.id);

  it('are listed once each, under the name of their file', () => {
    const files = filesIn('src/evidence/packages').filter(
      (file) => !['index', 'cataloger', 'catalog', 'selector', 'record', 'gather'].includes(file),
    );

    expect(duplicates(ids)).toEqual([]);
    expect(files.filter((file) => !ids.includes(file))).toEqual([]);
    expect(ids.filter((id) => !files.includes(id))).toEqual([]);
  });

  it('have tests beside them', () => {
    const tested = readdirSync(`${root}src/evidence/packages`).filter((file) => file.endsWith('.test.ts'));
    const text = tested.map((file) => readFileSync(`${root}src/evidence/packages/${file}`, 'utf8')).join('\n');

    expect(ids.filter((id) => !tested.includes(`${id}.test.ts`) && !text.includes(`./${id}.ts'`))).toEqual([]);
  });

  it('say what they take and what they cannot see', () => {
    for (const cataloger of catalogers) {
      expect(cataloger.files.length + (cataloger.executables?.length ?? 0), cataloger.id).toBeGreaterThan(0);
      expect(cataloger.ecosystems.length, cataloger.id).toBeGreaterThan(0);
      expect(cataloger.title, cataloger.id).not.toBe('');
    }
  });
});

describe('checks of images', () => {
  const ids = imageChecks.map((check) => check.id);

  it('are listed once each, under the name of their file', () => {
    expect(duplicates(ids)).toEqual([]);
    expect(ids.toSorted()).toEqual(
      filesIn('src/evidence/images/checks')
        .filter((file) => file !== 'index')
        .sort(),
    );
  });

  it('each have a row in docs/images.md, with the severity and the other names', () => {
    const page = readFileSync(`${root}docs/images.md`, 'utf8');
    const rows = new Map(page.split('\n').map((line) => [/^\| `([a-z-]+)` \|/.exec(line)?.[1], line]));

    for (const { id, severity, aliases } of imageChecks) {
      const cells = (rows.get(id) ?? '').split('|').map((cell) => cell.trim());
      expect(cells[3]?.split(', '), id).toContain(severity);
      expect(cells[4], id).toBe(aliases.join(', '));
    }
  });

  it('say why it matters and what to do', () => {
    for (const { id, title, why, remediation } of imageChecks) {
      expect(
        [title, why, remediation].map((text) => text.length > 0),
        id,
      ).toEqual([true, true, true]);
    }
  });
});

describe('checks of pipelines, and the systems they look at', () => {
  const ids = pipelineChecks.map((check) => check.id);
  const page = readFileSync(`${root}docs/pipelines.md`, 'utf8');

  it('are listed once each, under the name of their file', () => {
    expect(duplicates(ids)).toEqual([]);
    expect(ids.toSorted()).toEqual(
      filesIn('src/evidence/pipelines/checks')
        .filter((file) => file !== 'index')
        .sort(),
    );
    expect(ciSystems.map(({ id }) => id as string).toSorted()).toEqual(
      filesIn('src/evidence/pipelines/systems')
        .filter((file) => file !== 'index')
        .sort(),
    );
  });

  it('each have a row in docs/pipelines.md, with what they find and the other names', () => {
    const rows = new Map(page.split('\n').map((line) => [/^\| `([a-z-]+)` \|/.exec(line)?.[1], line]));

    for (const { id, title, severity, principle, aliases } of pipelineChecks) {
      const cells = (rows.get(id) ?? '').split('|').map((cell) => cell.trim());
      expect([cells[2], cells[3]?.split(' ')[0], cells[4], cells[6]], id).toEqual([
        title,
        severity,
        principle,
        aliases.join(', '),
      ]);
    }
    for (const { title, cannotSee } of ciSystems) expect(page, title).toContain(`${cannotSee.join('; ')} |`);
  });
});

describe('reports', () => {
  it('have unique names per command and load as what they are listed as', async () => {
    for (const command of ['sbom', 'scan', 'policy'] as const) {
      const names = reports
        .filter((entry) => entry.commands.includes(command))
        .flatMap((entry) => [entry.id, ...entry.aliases]);
      expect(duplicates(names), command).toEqual([]);
    }
    for (const entry of reports) {
      const report = await entry.load();
      expect({ id: report.id, aliases: report.aliases, commands: report.commands }).toEqual({
        id: entry.id,
        aliases: entry.aliases,
        commands: entry.commands,
      });
    }
  });
});

describe('commands', () => {
  it('are listed once each, under the name of their file, and can be loaded', async () => {
    expect(commands.map((command) => command.name).sort()).toEqual(
      filesIn('src/apps/cli/commands')
        .filter((file) => file !== 'index')
        .sort(),
    );
    for (const command of commands) expect(typeof (await command.load()).run, command.name).toBe('function');
  });

  it('name only flags of the table, and each flag is used', () => {
    const used = new Set<string>(commands.flatMap((command) => command.flags));

    expect([...used].filter((name) => flagTable[name] === undefined)).toEqual([]);
    expect(
      Object.entries(flagTable)
        .filter(([name, flag]) => flag.group !== 'general' && !used.has(name))
        .map(([name]) => name),
    ).toEqual([]);
  });

  it('give flags and their aliases names that do not clash', () => {
    const names = Object.entries(flagTable).flatMap(([name, flag]) => [name, ...(flag.aliases ?? [])]);

    expect(duplicates(names)).toEqual([]);
    // One letter may stand for one flag in one command and for another in the next, as in the programs that users come from.
    for (const command of commands) {
      const shorts = [...command.flags, ...generalFlags].flatMap((flag) => flagTable[flag]?.short ?? []);
      expect(`${command.name}: ${duplicates(shorts).join()}`).toBe(`${command.name}: `);
    }
  });
});

describe('advisories', () => {
  it('list every version order once', () => {
    expect(versionOrders.map((order) => order.id).sort()).toEqual(
      filesIn('src/advisories/versions')
        .filter((file) => !['index', 'order'].includes(file))
        .sort(),
    );
    expect(duplicates(versionOrders.flatMap((order) => order.ecosystems))).toEqual([]);
  });

  it('list every feed and every matcher once', () => {
    expect(feeds.map((feed) => feed.id).sort()).toEqual(
      filesIn('src/advisories/feeds')
        .filter((file) => file !== 'index')
        .sort(),
    );
    expect(matchers.map((matcher) => matcher.id).sort()).toEqual(
      filesIn('src/advisories/matchers')
        .filter((file) => !['index', 'matcher'].includes(file))
        .sort(),
    );
  });
});

describe('conformance packs', () => {
  it('each have an adapter that bears their name', async () => {
    for (const [name, load] of Object.entries(packs)) expect((await load()).name).toBe(name);
  });

  it('each have a floor', () => {
    const floor = JSON.parse(readFileSync(`${root}test/conformance/floor.json`, 'utf8')) as Record<string, number>;

    expect(Object.keys(packs).filter((name) => floor[name] === undefined)).toEqual([]);
  });
});

describe('package', () => {
  it('has the version that the program prints', () => {
    expect((JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version).toBe(version);
  });

  it('has a lock file that is complete for every platform and names no download address', () => {
    const text = readFileSync(`${root}package-lock.json`, 'utf8');

    expect(completeLock(text)).toBe(text);
    expect(text).not.toContain('"resolved"');
  });

  it('gives a reason for every runtime dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const reasons = readFileSync(`${root}docs/dependencies.md`, 'utf8');

    expect(Object.keys(dependencies).filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
  });

  it('has the pages that the README links to', () => {
    const links = [...readFileSync(`${root}README.md`, 'utf8').matchAll(/\]\(([^)#:]+)\)/g)].map(
      (match) => match[1] ?? '',
    );

    expect(links.filter((link) => !existsSync(root + link))).toEqual([]);
  });
});
