// SPDX-License-Identifier: Apache-2.0
// actionlint's workflows with the errors expected of them: a case is a workflow file, or a whole repository, linted by lintWorkflows. Compared
// are (file, line, kind); the wording is not.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lintWorkflows } from '../../src/evidence/pipelines/workflow-lint/lint-workflows.ts';
import type { LintFile } from '../../src/evidence/pipelines/workflow-lint/project.ts';
import type { PipelineFinding } from '../../src/model/pipeline-finding.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { failed, passed } from './pack.ts';

interface ExpectedError {
  readonly file: string;
  readonly line: number;
  /** Several where the order of the peer's rules decides which of them speaks. */
  readonly kinds: readonly string[];
}

interface Totals {
  expected: number;
  found: number;
  extra: number;
  extraOnClean: number;
}

const totals: Totals = { expected: 0, found: 0, extra: 0, extraOnClean: 0 };

export const actionlintPack: ConformancePack = {
  name: 'actionlint',
  cases: (root) => {
    const data = join(root, 'testdata');
    return [
      ...fileCases(join(data, 'err'), 'err'),
      ...fileCases(join(data, 'examples'), 'examples'),
      ...fileCases(join(data, 'ok'), 'ok'),
      ...projectCases(join(data, 'projects')),
    ];
  },
  detail: () => ({
    ...totals,
    share: totals.expected === 0 ? 0 : Number(((100 * totals.found) / totals.expected).toFixed(2)),
  }),
};

function fileCases(folder: string, group: string): ConformanceCase[] {
  if (!existsSync(folder)) return [];
  const files = filesBelow(folder);
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  return names.map((name) => ({
    id: `${group}/${name.replace(/\.ya?ml$/, '')}`,
    run: () => {
      if (needsOtherProgram(name)) return skipped;
      const output = join(folder, name.replace(/\.ya?ml$/, '.out'));
      const expected = existsSync(output) ? expectedErrors(readFileSync(output, 'utf8')) : [];
      // The folder is the repository; its workflows are linted one by one.
      const around = files.filter(({ path }) => path.includes('/'));
      const file = { path: 'test.yaml', text: readFileSync(join(folder, name), 'utf8') };
      // Of other files than workflows and actions nothing can be said: the pack does not hold them.
      return compare(
        expected,
        lintWorkflows([...around, file], { isWorkflow: (path) => path === 'test.yaml' }).findings,
      );
    },
  }));
}

function projectCases(folder: string): ConformanceCase[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  return names.map((name) => ({
    id: `projects/${name}`,
    run: () => {
      if (needsOtherProgram(name)) return skipped;
      const output = join(folder, `${name}.out`);
      const expected = existsSync(output) ? expectedErrors(readFileSync(output, 'utf8')) : [];
      return compare(expected, findingsInProject(filesBelow(join(folder, name))));
    },
  }));
}

const skipped: CaseResult = { outcome: 'skipped', reason: 'needs shellcheck or pyflakes' };

function needsOtherProgram(name: string): boolean {
  return /shellcheck|pyflakes/i.test(name);
}

function filesBelow(folder: string): LintFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

function findingsInProject(files: readonly LintFile[]): readonly PipelineFinding[] {
  const paths = new Set(files.map(({ path }) => path));
  return lintWorkflows(files, {
    isWorkflow: (path) => path.startsWith('workflows/') && /\.ya?ml$/.test(path),
    hasFile: (path) => paths.has(path),
  }).findings;
}

/** `FILE:LINE:COL: message [kind]`, or the same as a regular expression between slashes. */
function expectedErrors(text: string): readonly ExpectedError[] {
  return text.split('\n').flatMap((raw) => {
    const line = raw.trim();
    if (line === '') return [];
    const body = line.startsWith('/') && line.endsWith('/') ? line.slice(1, -1).replaceAll('\\', '') : line;
    const place = /^(.*?):(\d+):(\d+): /.exec(body);
    if (place === null) return [];
    const kind = /\[\(?([a-z-]+(?:\|[a-z-]+)*)\)?\]$/.exec(body)?.[1];
    // An expression that ends before the kind leaves it open.
    return [{ file: (place[1] ?? '').replace(/^\//, ''), line: Number(place[2]), kinds: kind?.split('|') ?? [] }];
  });
}

interface Seen {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
}

/** Of an expression in a text of several lines actionlint names the line where the text begins, which is our second location. */
function seen(finding: PipelineFinding): Seen {
  const location = finding.locations.at(-1);
  const kind = finding.aliases.find((alias) => alias.startsWith('actionlint/'))?.slice('actionlint/'.length) ?? '';
  return { file: location?.path ?? '', line: location?.line ?? 0, kind };
}

/** Line 0 of the peer is "somewhere in the file": there only the kind is compared. */
function isSame(error: ExpectedError, { file, kind, line }: Seen): boolean {
  const isKind = error.kinds.length === 0 || error.kinds.includes(kind);
  return error.file === file && (error.line === 0 || error.line === line) && isKind;
}

/** The same pair may stand several times: it counts each time when expected, and once found is enough. */
function compare(expected: readonly ExpectedError[], findings: readonly PipelineFinding[]): CaseResult {
  const actual = findings.map(seen);
  const missing = expected.filter((error) => !actual.some((item) => isSame(error, item)));
  const extra = actual.filter((item) => !expected.some((error) => isSame(error, item)));
  totals.expected += expected.length;
  totals.found += expected.length - missing.length;
  totals.extra += extra.length;
  if (expected.length === 0) totals.extraOnClean += extra.length;
  if (missing.length === 0 && extra.length === 0) return passed;
  const messages = findings.filter((finding) =>
    extra.some((item) => JSON.stringify(item) === JSON.stringify(seen(finding))),
  );
  return failed(
    { missing },
    { extra: messages.map((finding) => `${JSON.stringify(seen(finding))} ${finding.message.slice(0, 200)}`) },
  );
}
