// SPDX-License-Identifier: Apache-2.0
// Rows that search files and repositories: the fixtures are written out once, with `dotGit` as `.git`.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { selectionFrom } from '../../../src/apps/secrets/log-options.ts';
import { scanFolder } from '../../../src/apps/secrets/scan-folder.ts';
import { scanHistory } from '../../../src/apps/secrets/scan-history.ts';
import { scanStaged } from '../../../src/apps/secrets/scan-staged.ts';
import type { SecretRun } from '../../../src/apps/secrets/secret-run.ts';
import { toGitleaksFinding } from '../../../src/evidence/secrets/gitleaks-finding.ts';
import { createSecretScanner } from '../../../src/evidence/secrets/scanner.ts';
import { hostOf, pageOfRemote } from '../../../src/formats/commit-link.ts';
import { readGitleaksIgnore } from '../../../src/formats/gitleaks-ignore.ts';
import { gitleaksFingerprint } from '../../../src/formats/gitleaks-report.ts';
import { openGitRepository } from '../../../src/io/git.ts';
import { gitChanges } from '../../../src/io/git-changes.ts';
import type { CaseResult } from '../pack.ts';
import { failed } from '../pack.ts';
import type { ShownFinding } from './findings.ts';
import { compareFindings, shown } from './findings.ts';
import type { RowRun, TableRow } from './row.ts';
import { configNamed, fieldsOf, textOf } from './row.ts';

export const sourceRows: Readonly<Record<string, RowRun>> = {
  TestFromGit: runGit,
  TestFromGitStaged: runStaged,
  TestFromFiles: (root, row) => runFiles(root, row, 'plain'),
  TestDetectWithArchives: (root, row) => runFiles(root, row, 'plain'),
  TestDetectWithSymlinks: (root, row) => runFiles(root, row, 'links'),
};

const scratch = new Map<string, string>();

/** A folder with `testdata` as upstream's checkout has it. */
function fixtures(root: string): string {
  const known = scratch.get(root);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-gitleaks-'));
  cpSync(join(root, 'testdata'), join(folder, 'testdata'), { recursive: true });
  const trees = join(root, 'worktrees.json');
  const files = existsSync(trees) ? fieldsOf(JSON.parse(readFileSync(trees, 'utf8'))) : {};
  for (const [path, value] of Object.entries(files)) {
    const { b64, symlink } = fieldsOf(value);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (typeof symlink === 'string') symlinkSync(symlink, join(folder, path));
    else writeFileSync(join(folder, path), Buffer.from(textOf(b64), 'base64'));
  }
  const repositories = join(folder, 'testdata/repos');
  for (const name of existsSync(repositories) ? readdirSync(repositories) : []) {
    const git = join(repositories, name, 'dotGit');
    if (!existsSync(git)) continue;
    cpSync(git, join(repositories, name, '.git'), { recursive: true });
    // An archive of a repository loses the empty folders by which git knows one.
    for (const part of ['objects', 'refs', 'refs/heads', 'refs/tags'])
      mkdirSync(join(repositories, name, '.git', part), { recursive: true });
  }
  scratch.set(root, folder);
  return folder;
}

function scannerOf(root: string, row: TableRow): ReturnType<typeof createSecretScanner> | undefined {
  const { ruleSet } = configNamed(root, textOf(fieldsOf(row.case)['cfgName']));
  return ruleSet === undefined ? undefined : createSecretScanner(ruleSet, { decodeDepth: 0, archiveDepth: 8 });
}

function withoutIgnored(folder: string, findings: readonly ShownFinding[]): readonly ShownFinding[] {
  const file = join(folder, '.gitleaksignore');
  if (!existsSync(file)) return findings;
  const entries = readGitleaksIgnore(readFileSync(file, 'utf8'), file).entries;
  // Upstream runs in a folder beside testdata.
  const ignored = new Set(entries.map(({ fingerprint }) => fingerprint.replace(/^\.\.\//, '')));
  return findings.filter(
    (finding) =>
      !ignored.has(gitleaksFingerprint(finding, 'global')) && !ignored.has(gitleaksFingerprint(finding, 'commit')),
  );
}

async function runGit(root: string, row: TableRow): Promise<CaseResult> {
  const item = fieldsOf(row.case);
  const scanner = scannerOf(root, row);
  if (scanner === undefined) return failed('a configuration', 'cannot be used');
  const source = textOf(item['source']).replace(/^\.\.\//, '');
  const folder = join(fixtures(root), source);
  const changes = gitChanges(folder, process.env);
  const selection = selectionFrom(textOf(item['logOpts']));
  const repository = openGitRepository(folder, process.env);
  const run = await scanHistory({ scanner, changes, repository, selection, opensArchives: true });
  const url = pageOfRemote((await changes.remoteAddress()) ?? 'https://github.com/gitleaks/test.git');
  const host = url === undefined ? undefined : hostOf(url);
  const remote = url === undefined || host === undefined ? undefined : { host, url };
  const findings = run.found.map(({ raw, commit }) => shown(toGitleaksFinding(raw, { commit, remote }), raw));
  return compareFindings(item['expectedFindings'], withoutIgnored(folder, findings), { without: ['Match'] });
}

async function runStaged(root: string, row: TableRow): Promise<CaseResult> {
  const item = fieldsOf(row.case);
  const scanner = scannerOf(root, row);
  if (scanner === undefined) return failed('a configuration', 'cannot be used');
  const folder = join(fixtures(root), textOf(item['source']).replace(/^\.\.\//, ''));
  const repository = openGitRepository(folder, process.env);
  const run = await scanStaged({ scanner, staged: await gitChanges(folder, process.env).stagedFiles(), repository });
  // Go's zero time stands where there is no commit yet.
  const commit = { id: '', author: '', email: '', date: '0001-01-01T00:00:00Z', message: '' };
  const findings = run.found.map(({ raw }) => shown(toGitleaksFinding(raw, { commit }), raw));
  return compareFindings(item['expectedFindings'], withoutIgnored(folder, findings), { without: ['Match'] });
}

function runFiles(root: string, row: TableRow, mode: 'plain' | 'links'): CaseResult {
  const item = fieldsOf(row.case);
  const scanner = scannerOf(root, row);
  if (scanner === undefined) return failed('a configuration', 'cannot be used');
  // A search that is given no time finds nothing; ours has no such switch, and nothing to show.
  if (item['expireContext'] === true) return { outcome: 'skipped', reason: 'a context of Go that has expired' };
  const base = fixtures(root);
  const source = textOf(item['source']).replace(/^\.\.\//, '');
  const folder = join(base, source);
  const run: SecretRun = existsSync(folder)
    ? scanFolder({ scanner, root: folder, shownRoot: source, followsLinks: mode === 'links' })
    : { found: [], problems: [], counts: { files: 0, bytes: 0, skipped: {} } };
  const findings = run.found.map(({ raw }) => {
    const finding = toGitleaksFinding(raw);
    // A file that a link leads to is told with its real place, which is in the scratch folder here.
    const File = finding.File.replace(`${base}/`, '');
    return { ...shown(finding, raw), File, Fingerprint: gitleaksFingerprint({ ...finding, File }, 'commit') };
  });
  return compareFindings(item['expectedFindings'], withoutIgnored(folder, findings));
}
