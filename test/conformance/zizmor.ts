// SPDX-License-Identifier: Apache-2.0
// zizmor's integration tests: the set of (audit, file, line) of each, its configuration errors and its automatic fixes. Cases that need GitHub's API
// or that are about the texts of its command line are skipped.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { GithubAudit, GithubAuditOptions, GithubSource } from '../../src/evidence/pipelines/audit-github.ts';
import { auditGithub } from '../../src/evidence/pipelines/audit-github.ts';
import { githubFileKind, githubFileKindOfContent } from '../../src/formats/github-workflow/github-file.ts';
import type { PipelineFinding } from '../../src/model/pipeline-finding.ts';
import { fixWorkflow } from '../support/github-audit.ts';
import type { CaseResult, ConformanceCase, ConformancePack } from './pack.ts';
import { expectEqual, expectSameSet, failed, passed } from './pack.ts';

interface ZizmorCase {
  readonly id: string;
  readonly class: 'offline' | 'online' | 'other';
  readonly inputs: readonly string[];
  readonly args: readonly string[];
  readonly workspace?: Readonly<Record<string, string>>;
  readonly config?: readonly string[] | string;
  readonly no_config?: boolean;
  readonly exit_code?: number;
  readonly findings: readonly ExpectedFinding[];
  readonly summary?: string;
  readonly snapshot: string;
}

interface ExpectedFinding {
  readonly severity: string;
  readonly audit: string;
  readonly locations: readonly { readonly file: string; readonly line: number; readonly column: number }[];
  readonly confidence?: string;
}

const score = {
  expected: 0,
  found: 0,
  common: 0,
  severities: 0,
  columns: 0,
  confidences: 0,
  suppressed: 0,
  suppressedEqual: 0,
};

export const zizmorPack: ConformancePack = {
  name: 'zizmor',
  cases: (root) => {
    const file = join(root, 'cases.jsonl');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.map((line) => toCase(root, JSON.parse(line) as ZizmorCase));
  },
  detail: () => ({
    expected: score.expected,
    precision: share(score.common, score.found),
    recall: share(score.common, score.expected),
    severity: share(score.severities, score.common),
    confidence: share(score.confidences, score.common),
    column: share(score.columns, score.common),
    suppressedCounts: share(score.suppressedEqual, score.suppressed),
  }),
};

function share(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(2)} %`;
}

function toCase(root: string, test: ZizmorCase): ConformanceCase {
  return { id: test.id, run: () => runCase(join(root, 'test-data'), test) };
}

async function runCase(data: string, test: ZizmorCase): Promise<CaseResult> {
  if (test.class === 'online') return skipped('asks the API of GitHub');
  if (test.args.some((arg) => arg.startsWith('--fix'))) return runFix(test);
  const inputs = locate(data, test);
  if (inputs === undefined) return skipped('the input is not in the pack');
  const configuration = configurationOf(data, test, inputs);
  if (configuration === 'missing') return skipped('the configuration is not in the pack');
  const audit = await audited(test, inputs.files, {
    ...optionsOf(test.args),
    ...(configuration === undefined ? {} : { configuration }),
  });
  if (test.class === 'offline') return judgeFindings(test, audit, inputs);
  if (/fatal: no audit was performed\nerror: configuration error/.test(test.snapshot)) {
    const isRefused = audit.problems.length > 0 && audit.findings.length === 0 && audit.files.length === 0;
    return isRefused ? passed : failed('a configuration that is refused', audit.problems);
  }
  if (test.args.includes('--format=github')) return judgeAnnotations(test, audit);
  return skipped('about the texts of the command line');
}

/** With the filters of the command line: --collect, --min-severity, --min-confidence. */
async function audited(
  { args }: ZizmorCase,
  files: readonly GithubSource[],
  options: GithubAuditOptions,
): Promise<GithubAudit> {
  const collected = valueOf(args, 'collect');
  const kinds = ['workflow', 'action', 'dependabot'].filter((kind) => collected?.includes(kind) === true);
  const audit = await auditGithub(
    files.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind ?? '')),
    options,
  );
  const severities = ['informational', 'low', 'medium', 'high'];
  const least = severities.indexOf(valueOf(args, 'min-severity') ?? '');
  const sure = ['low', 'medium', 'high'].indexOf(valueOf(args, 'min-confidence') ?? '');
  const findings = audit.findings.filter(
    ({ severity, confidence }) =>
      severities.indexOf(severity === 'negligible' ? 'informational' : severity) >= least &&
      ['low', 'medium', 'high'].indexOf(confidence) >= sure,
  );
  return { ...audit, findings };
}

function valueOf(args: readonly string[], name: string): string | undefined {
  return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function skipped(reason: string): CaseResult {
  return { outcome: 'skipped', reason };
}

function optionsOf(args: readonly string[]): GithubAuditOptions {
  const persona = args.includes('--pedantic')
    ? 'pedantic'
    : args.find((arg) => arg.startsWith('--persona='))?.slice('--persona='.length);
  return persona === 'pedantic' || persona === 'auditor' || persona === 'regular' ? { persona } : {};
}

interface Inputs {
  readonly files: readonly GithubSource[];
  /** Folder in which a configuration is looked for first. */
  readonly folder: string;
  /** One file was named, so findings are shown without a path. */
  readonly isFile: boolean;
}

function locate(data: string, test: ZizmorCase): Inputs | undefined {
  if (test.workspace !== undefined) {
    const files = Object.entries(test.workspace).map(([path, text]) => ({ path, text }));
    return { files, folder: '', isFile: false };
  }
  const paths = test.inputs.map((input) => resolveInput(data, test, input));
  const [first] = paths;
  if (first === undefined || paths.includes(undefined)) return undefined;
  const files = paths.filter((path) => path !== undefined).flatMap(sourcesAt);
  const isFile = !statSync(first).isDirectory();
  return { files, folder: isFile ? dirname(first) : first, isFile };
}

/** Some tests run in a folder of the test data; it is the one that holds the input and that the name of the test names. */
function resolveInput(data: string, test: ZizmorCase, input: string): string | undefined {
  const direct = join(data, input);
  if (existsSync(direct)) return direct;
  const words = test.id.slice(test.id.indexOf('#') + 1).replaceAll('_', '-');
  const named = foldersBelow(data).filter((folder) => existsSync(join(folder, input)));
  const matching = named.filter((folder) => words.includes(basename(folder).replace(/-repro$/, '')));
  const [only] = matching.length > 0 ? matching : named.length === 1 ? named : [];
  return only === undefined ? undefined : join(only, input);
}

function foldersBelow(folder: string): readonly string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return inner.map(({ name }) => join(folder, name)).flatMap((path) => [path, ...foldersBelow(path)]);
}

/** A file that is named is a workflow unless its name says otherwise; in a folder only what GitHub would read. */
function sourcesAt(path: string): readonly GithubSource[] {
  if (!statSync(path).isDirectory()) {
    const text = readFileSync(path, 'utf8');
    const kind = githubFileKind(basename(path)) ?? githubFileKindOfContent(text) ?? 'workflow';
    return [{ path: basename(path), text, kind }];
  }
  // `.github` and `.github/workflows` may be named themselves; any other folder of that name is taken for the latter.
  const isWorkflows = basename(path) === 'workflows';
  const above = join(basename(dirname(path)), basename(path));
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap((name): GithubSource[] => {
      const isDirect = isWorkflows && /^[^/]+\.ya?ml$/.test(name);
      const kind = isDirect ? 'workflow' : githubFileKind(join(above, name));
      const file = join(path, name);
      if (kind === undefined || !statSync(file).isFile()) return [];
      return [{ path: relative(path, file), text: readFileSync(file, 'utf8'), kind }];
    });
}

function configurationOf(
  data: string,
  test: ZizmorCase,
  inputs: Inputs,
): GithubAuditOptions['configuration'] | 'missing' {
  if (test.no_config === true) return 'none';
  const [named] = typeof test.config === 'string' ? [test.config] : (test.config ?? []);
  if (named !== undefined) {
    const path = join(data, named);
    if (existsSync(path) && statSync(path).isFile()) return { path: named, text: readFileSync(path, 'utf8') };
    return named.includes('\n') ? { path: 'zizmor.yml', text: named } : 'missing';
  }
  for (let folder = inputs.folder; folder.startsWith(data); folder = dirname(folder)) {
    const path = ['zizmor.yml', 'zizmor.yaml', '.github/zizmor.yml', '.github/zizmor.yaml']
      .map((name) => join(folder, name))
      .find(existsSync);
    if (path !== undefined) return { path, text: readFileSync(path, 'utf8') };
  }
  return undefined;
}

/** Words of the text report: error = high, warning = medium, help = low, info = informational. */
const severityWords: Readonly<Record<string, string>> = {
  error: 'high',
  warning: 'medium',
  help: 'low',
  info: 'negligible',
};

function judgeFindings(test: ZizmorCase, audit: GithubAudit, inputs: Inputs): CaseResult {
  const expected = test.findings.map((finding) => ({ key: expectedKey(finding), finding }));
  const found = audit.findings.map((finding) => ({ key: foundKey(finding, inputs), finding }));
  const wanted = new Set(expected.map(({ key }) => key));
  const have = new Set(found.map(({ key }) => key));
  score.expected += wanted.size;
  score.found += have.size;
  for (const key of wanted) {
    if (!have.has(key)) continue;
    score.common += 1;
    const theirs = expected.find((item) => item.key === key)?.finding;
    const ours = found.filter((item) => item.key === key).map(({ finding }) => finding);
    if (ours.some(({ severity }) => severity === severityWords[theirs?.severity ?? ''])) score.severities += 1;
    if (ours.some(({ confidence }) => confidence === theirs?.confidence?.toLowerCase())) score.confidences += 1;
    if (ours.some(({ locations }) => locations[0]?.column === theirs?.locations[0]?.column)) score.columns += 1;
  }
  const total = /^(?:(\d+) findings?|No findings)/.exec(test.summary ?? '');
  if (total !== null) {
    const suppressed = Number(/(\d+) suppressed/.exec(test.summary ?? '')?.[1] ?? 0);
    const ours = audit.suppressed.filter(({ by }) => by === 'persona').length;
    score.suppressed += 1;
    if (suppressed === ours) score.suppressedEqual += 1;
  }
  return expectSameSet([...wanted], [...have]);
}

function expectedKey({ audit, locations }: ExpectedFinding): string {
  const [first] = locations;
  return `${audit} ${(first?.file ?? '').replace(/^@@INPUT@@\/?/, '')}:${first?.line}`;
}

function foundKey({ id, locations }: PipelineFinding, { isFile }: Inputs): string {
  return `${id} ${isFile ? '' : (locations[0]?.path ?? '')}:${locations[0]?.line}`;
}

/** `::error file=...,line=5,title=audit::...` */
function judgeAnnotations(test: ZizmorCase, audit: GithubAudit): CaseResult {
  const expected = [...test.snapshot.matchAll(/^::\w+ file=[^,]*,line=(\d+),title=([\w-]+)::/gm)].map(
    ([, line, id]) => `${id}:${line}`,
  );
  return expectSameSet(
    [...new Set(expected)],
    [...new Set(audit.findings.map(({ id, locations }) => `${id}:${locations[0]?.line}`))],
  );
}

/** The lines that a fix takes away and adds, as the difference in the snapshot shows them. */
async function runFix(test: ZizmorCase): Promise<CaseResult> {
  const [path] = Object.keys(test.workspace ?? {});
  const before = path === undefined ? undefined : test.workspace?.[path];
  if (path === undefined || before === undefined) return skipped('the text to fix is not in the pack');
  const after = await fixWorkflow({ path, text: before }, optionsOf(test.args));
  return expectEqual(changedLines(test.snapshot), difference(before, after));
}

function changedLines(snapshot: string): { readonly removed: readonly string[]; readonly added: readonly string[] } {
  const lines = snapshot.split('\n');
  return {
    removed: lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
    added: lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)),
  };
}

/** By the longest common subsequence of lines; the texts are short. */
function difference(
  before: string,
  after: string,
): { readonly removed: readonly string[]; readonly added: readonly string[] } {
  const left = before.split('\n');
  const right = after.split('\n');
  const lengths = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      const below = lengths[i + 1];
      if (row === undefined || below === undefined) continue;
      row[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  const removed: string[] = [];
  const added: string[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      removed.push(left[i] ?? '');
      i += 1;
    } else {
      added.push(right[j] ?? '');
      j += 1;
    }
  }
  return { removed, added };
}
