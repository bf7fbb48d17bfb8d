// SPDX-License-Identifier: Apache-2.0
// The rules of ARCHITECTURE.md that a program can check: who may import whom, no cycles, where the heavy and the dangerous modules may be
// used, and that starting the command line reaches none of them. To allow a new edge, change the table here and ARCHITECTURE.md together.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  readonly from: string;
  /** Path under src/, or a bare specifier. */
  readonly to: string;
  readonly kind: 'static' | 'type' | 'dynamic';
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort();

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  const resolveTo = (specifier: string): string =>
    specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)).replaceAll('\\', '/') : specifier;
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm)) {
    const onlyTypes = match[1] !== undefined || /\{\s*type\s[^}]*\}/.test(match[0]);
    found.push({ from, to: resolveTo(match[2] ?? ''), kind: onlyTypes ? 'type' : 'static' });
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g))
    found.push({ from, to: resolveTo(match[1] ?? ''), kind: 'dynamic' });
  return found;
});

const areaOf = (path: string): string => path.split('/')[0] ?? '';
const isOurs = (path: string): boolean => path.endsWith('.ts');

/** What each folder may import; `types of` means `import type` only. */
const allowed: Readonly<Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>> = {
  model: { values: [], types: [] },
  formats: { values: ['model'], types: [] },
  io: { values: ['model', 'formats'], types: [] },
  advisories: { values: ['model', 'formats', 'io'], types: [] },
  sources: { values: ['model', 'formats', 'io'], types: [] },
  evidence: { values: ['model', 'formats', 'advisories'], types: ['sources'] },
  policy: { values: ['model', 'formats'], types: [] },
  verdict: { values: ['model'], types: ['policy'] },
  report: { values: ['model', 'formats'], types: [] },
  store: { values: ['model', 'io'], types: [] },
  respond: { values: ['model', 'io'], types: [] },
  apps: {
    values: [
      'model',
      'formats',
      'io',
      'advisories',
      'sources',
      'evidence',
      'policy',
      'verdict',
      'report',
      'store',
      'respond',
    ],
    types: [],
  },
};

describe('architecture', () => {
  it('has only the folders of the table under src/', () => {
    expect([...new Set(files.map(areaOf))].filter((area) => allowed[area] === undefined)).toEqual([]);
  });

  it('imports along the flow only', () => {
    const breaches = imports.filter(({ from, to, kind }) => {
      if (!isOurs(to) || areaOf(from) === areaOf(to)) return false;
      const rule = allowed[areaOf(from)];
      return (
        rule?.values.includes(areaOf(to)) !== true && !(kind === 'type' && rule?.types.includes(areaOf(to)) === true)
      );
    });

    expect(breaches.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('has no cycles among files', () => {
    const edges = Map.groupBy(
      imports.filter((item) => isOurs(item.to) && item.kind === 'static'),
      (item) => item.from,
    );
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const edge of edges.get(file) ?? []) visit(edge.to, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);

    expect(cycles).toEqual([]);
  });

  it('keeps siblings of a collection apart', () => {
    const collections = [
      { folder: 'evidence/packages', shared: ['cataloger.ts', 'catalog.ts', 'selector.ts', 'record.ts', 'index.ts'] },
      { folder: 'advisories/versions', shared: ['order.ts', 'index.ts'] },
      { folder: 'advisories/feeds', shared: ['feed.ts', 'index.ts'] },
      { folder: 'advisories/matchers', shared: ['matcher.ts', 'index.ts'] },
      { folder: 'report', shared: ['report.ts', 'index.ts'] },
      { folder: 'evidence/images/checks', shared: ['index.ts'] },
      { folder: 'evidence/pipelines/checks', shared: ['index.ts'] },
      { folder: 'evidence/pipelines/systems', shared: ['index.ts'] },
      { folder: 'apps/cli/commands', shared: ['index.ts'] },
    ];
    const breaches = collections.flatMap(({ folder, shared }) =>
      imports.filter(
        ({ from, to, kind }) =>
          kind === 'static' &&
          dirname(from) === folder &&
          dirname(to) === folder &&
          !shared.includes(from.slice(folder.length + 1)) &&
          !shared.includes(to.slice(folder.length + 1)),
      ),
    );

    expect(breaches.map(({ from, to }) => `${from} imports its sibling ${to}`)).toEqual([]);
  });

  it('starts processes only in io, reads the process only at the edge, prints only from the command line', () => {
    const processModules = imports.filter(({ from, to }) => to === 'node:child_process' && areaOf(from) !== 'io');
    const pure = files.filter((file) => !['apps', 'io'].includes(areaOf(file)));
    const breaches = pure.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8')
        .replace(/^\s*\/\/.*$/gm, '')
        .replace(/\/\*[\s\S]*?\*\//g, '');
      return /\bprocess\.(?:env|argv|stdout|stderr|exit|cwd)\b|\bconsole\.|\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)/.test(
        text,
      );
    });

    expect(processModules.map(({ from }) => from)).toEqual([]);
    expect(breaches).toEqual([]);
  });

  it('touches the disk only where bytes come in or go out', () => {
    const places = ['io', 'apps', 'advisories', 'store'];
    const breaches = imports.filter(({ from, to }) => to.startsWith('node:fs') && !places.includes(areaOf(from)));

    expect(breaches.map(({ from }) => from)).toEqual([]);
  });

  it('starts the command line without any heavy module', () => {
    const heavy =
      /^(?:yaml|js-yaml|zod|hono|postgres|saxes|smol-toml|re2js|node:(?:http|https|crypto|sqlite|zlib|worker_threads))/;
    const edges = Map.groupBy(
      imports.filter((item) => item.kind === 'static'),
      (item) => item.from,
    );
    const reached = new Map<string, string>([['apps/cli/main.ts', 'apps/cli/main.ts']]);
    const queue = ['apps/cli/main.ts'];
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      for (const { to } of edges.get(file) ?? []) {
        if (reached.has(to)) continue;
        reached.set(to, `${reached.get(file)} -> ${to}`);
        queue.push(to);
      }
    }

    expect([...reached].filter(([module]) => heavy.test(module)).map(([, trail]) => trail)).toEqual([]);
    expect(reached.size).toBeLessThan(10);
  });

  it('has no drawers', () => {
    expect(files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|manager)(?:\/|\.ts$)/.test(file))).toEqual(
      [],
    );
  });

  it('names a licence in every file', () => {
    const missing = files.filter(
      (file) => !readFileSync(join(root, file), 'utf8').startsWith('// SPDX-License-Identifier: Apache-2.0'),
    );

    expect(missing).toEqual([]);
  });
});
