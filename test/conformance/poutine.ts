// SPDX-License-Identifier: Apache-2.0
// poutine: weaknesses found in one source tree, and the inventory of what its pipelines use. A case is one expected finding, one file's extra findings, or one
// purl. Where poutine tells of a file without a line (debug output, permissions, what an action uses), so does the comparison; ours has the line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPipelines, readPipelines } from '../../src/evidence/pipelines/audit.ts';
import { pipelineInventory } from '../../src/evidence/pipelines/inventory.ts';
import type { PipelineFile } from '../../src/evidence/pipelines/pipeline.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';

interface ExpectedFinding {
  readonly rule: string;
  readonly path: string;
  readonly line?: number;
}

/** Rules that ask for something that is not in the tree. */
const asking: Readonly<Record<string, string>> = {
  known_vulnerability_in_build_component: 'needs advisories of actions',
  github_action_from_unverified_creator_used: 'needs the list of verified creators',
  known_vulnerability_in_build_platform: 'needs the version of the platform',
};

/** Rules that poutine reports once for a file. */
const withoutLine: ReadonlySet<string> = new Set([
  'debug_enabled',
  'default_permissions_on_risky_events',
  'unpinnable_action',
]);

export const poutinePack: ConformancePack = {
  name: 'poutine',
  cases: async (root) => {
    const files = readTree(join(root, 'testdata'));
    const expected = linesOf(root).filter(({ rule }) => !withoutReason(rule));
    const audit = await auditPipelines(files, { profile: 'poutine' });
    const found = new Map<string, ExpectedFinding>();
    for (const finding of [...audit.findings, ...audit.suppressed.map((item) => item.finding)]) {
      for (const alias of finding.aliases) {
        const rule = /^poutine\/(.+)$/.exec(alias)?.[1];
        const [first] = finding.locations;
        if (rule === undefined || first === undefined) continue;
        const one = {
          rule,
          path: first.path,
          ...(withoutLine.has(rule) || first.line === undefined ? {} : { line: first.line }),
        };
        found.set(keyOf(one), one);
      }
    }
    const wanted = new Set(expected.map((item) => keyOf(item)));
    return [
      ...linesOf(root).map(
        (item): ConformanceCase => ({ id: `finding ${keyOf(item)}`, run: () => judge(item, found) }),
      ),
      ...files.map(
        ({ path }): ConformanceCase => ({
          id: `no more findings in ${path}`,
          run: () =>
            noMore(
              path,
              [...found].flatMap(([key, item]) => (item.path === path && !wanted.has(key) ? [key] : [])),
            ),
        }),
      ),
      ...inventoryCases(root, files),
    ];
  },
};

function withoutReason(rule: string): boolean {
  return asking[rule] !== undefined;
}

function judge(item: ExpectedFinding, found: ReadonlyMap<string, ExpectedFinding>): CaseResult {
  const reason = asking[item.rule];
  if (reason !== undefined) return { outcome: 'skipped', reason };
  const key = keyOf(item);
  return found.has(key)
    ? { outcome: 'passed' }
    : { outcome: 'failed', expected: key, actual: [...found.keys()].filter((other) => other.includes(item.path)) };
}

function noMore(path: string, extra: readonly string[]): CaseResult {
  return extra.length === 0
    ? { outcome: 'passed' }
    : { outcome: 'failed', expected: `no other findings in ${path}`, actual: extra };
}

/** The pack says that the other purls come from dependencies of packages that are not in the tree. */
function inventoryCases(root: string, files: readonly PipelineFile[]): readonly ConformanceCase[] {
  const text = files.map((file) => file.text).join('\n');
  const inventory = new Set(pipelineInventory(readPipelines(files).pipelines));
  const purls = JSON.parse(readFileSync(join(root, 'purls.json'), 'utf8')) as readonly string[];
  return purls
    .filter((purl) => occursIn(purl, text))
    .map((purl) => ({
      id: `purl ${purl}`,
      run: (): CaseResult =>
        inventory.has(purl) ? { outcome: 'passed' } : { outcome: 'failed', expected: purl, actual: [...inventory] },
    }));
}

/** The name of what a purl is about stands somewhere in the tree. */
function occursIn(purl: string, text: string): boolean {
  const [head = '', query = ''] = purl.split('?');
  const name = decodeURIComponent(head.replace(/^pkg:[a-z]+\//, '').replace(/[@#].*$/, ''));
  const version = /@([^#?]+)/.exec(head)?.[1] ?? '';
  if (!head.startsWith('pkg:gitlabci'))
    return head.startsWith('pkg:githubactions')
      ? text.includes(name) && text.includes(`@${version}`)
      : text.includes(name.split('/').at(-1) ?? name);
  return query.split('&').some((pair) => text.includes(decodeURIComponent(pair.split('=')[1] ?? '')));
}

function keyOf({ rule, path, line }: ExpectedFinding): string {
  const hasLine = line !== undefined && line > 0 && !withoutLine.has(rule);
  return `${rule} ${path}${hasLine ? `:${line}` : ''}`;
}

function linesOf(root: string): readonly ExpectedFinding[] {
  return readFileSync(join(root, 'findings.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as ExpectedFinding);
}

function readTree(root: string): readonly PipelineFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      return { path: full.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(full, 'utf8') };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
