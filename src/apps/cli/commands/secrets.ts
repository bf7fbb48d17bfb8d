// SPDX-License-Identifier: Apache-2.0
// `landwaiter secrets [dir|git|stdin] [PATH]`: secrets in files, in the history of a repository, in what is staged, in what is piped in.
import { join, resolve, sep } from 'node:path';
import type { SecretScanner } from '../../../evidence/secrets/raw-secret.ts';
import { createSecretScanner } from '../../../evidence/secrets/scanner.ts';
import { secretIgnoreFileName } from '../../../formats/secret-ignore-name.ts';
import { reportTime } from '../../../io/clock.ts';
import { localDisk } from '../../../io/disk.ts';
import type { Confidence } from '../../../model/confidence.ts';
import { confidences } from '../../../model/confidence.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import { programName, version } from '../../../model/version.ts';
import type { StagedScan } from '../../secrets/scan-staged.ts';
import type { SecretRun } from '../../secrets/secret-run.ts';
import { SecretRecorder } from '../../secrets/secret-run.ts';
import type { JudgedSecret, Judgement } from '../../secrets/suppress.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { compileExclusions } from '../exclusion.ts';
import { writeWhole } from '../outputs.ts';
import type { ReadAcceptances } from '../secret-acceptances.ts';
import { readAcceptances } from '../secret-acceptances.ts';
import type { SecretOutput } from '../secret-output.ts';
import { secretPlaces, writeSecrets } from '../secret-output.ts';
import type { ChosenRules } from '../secret-rule-files.ts';
import { chooseRules } from '../secret-rule-files.ts';

interface Wanted {
  readonly kind: 'dir' | 'git' | 'stdin' | 'staged';
  /** As typed. */
  readonly path: string;
  readonly absolute: string;
}

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  secretPlaces(values);
  const wanted = wantedFrom(context, operands, values);
  // git needs its time; the rules are made ready meanwhile.
  const staged = wanted.kind === 'staged' ? startStaged(context, wanted) : undefined;
  staged?.catch(() => undefined);
  const now = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const isOwnTarget = isInside(wanted.absolute, context.cwd);
  const chosen = await chooseRules(context, values, isOwnTarget);
  const acceptances = await readAcceptances(context, values, { isOwnTarget, now });
  const scanner = createSecretScanner(chosen.ruleSet, {
    decodeDepth: values.number('max-decode-depth') ?? 5,
    archiveDepth: values.number('max-archive-depth') ?? 0,
    ignoresAllowComments: values.isSet('ignore-allow-comments'),
    ownPaths: [...acceptances.ownPaths, ...(chosen.ownPath === undefined ? [] : [chosen.ownPath])],
  });
  const found = await search(context, values, { wanted, scanner, staged });
  context.progress.done();
  const judged = await validated(values, await judge(found, acceptances));
  const least = leastConfidence(values, chosen);
  const output = await outputOf({ context, wanted, found, judged, chosen, least, now });
  await writeSecrets(context, values, output);
  await acceptAll(context, values, { judged, acceptances });
  tellRest(context, found, judged);
  return exitCode(values, output);
}

/** Only where the user asks for it: secrets then go to the services they are for. Accepted ones are left alone. */
async function validated(values: FlagValues, judged: Judgement): Promise<Judgement> {
  if (!values.isSet('validate')) return judged;
  const { secretValidators, validateSecrets, withValidity } = await import('../../secrets/live-validation.ts');
  const asked = judged.secrets.filter(({ suppressed }) => suppressed === undefined);
  const answers = await validateSecrets(asked, { fetch, validators: secretValidators });
  const secrets = judged.secrets.map((secret) => ({
    ...secret,
    finding: withValidity(secret.finding, answers.get(secret)),
  }));
  return { ...judged, secrets };
}

/** Most hooks find nothing, and then need nothing of what judges. */
async function judge(found: SecretRun, { accepted }: ReadAcceptances): Promise<Judgement> {
  if (found.found.length === 0 && accepted.content.length === 0 && accepted.gitleaks.length === 0)
    return { secrets: [], unused: [] };
  const { judgeSecrets } = await import('../../secrets/suppress.ts');
  return judgeSecrets(found.found, accepted);
}

function wantedFrom(context: CommandContext, operands: readonly string[], values: FlagValues): Wanted {
  const [first = '', ...rest] = operands;
  const isWord = ['dir', 'git', 'stdin', 'detect', 'protect'].includes(first);
  const paths = isWord ? rest : operands;
  if (paths.length > 1) throw usage(`secrets looks at one place, not at ${paths.length}`);
  const scheme = /^(dir|git):(.*)$/s.exec(paths[0] ?? '');
  const path = (scheme?.[2] ?? paths[0] ?? '.') || '.';
  const word = scheme?.[1] ?? (isWord ? first : 'dir');
  const absolute = localDisk.resolve(resolve(context.cwd, path)) ?? resolve(context.cwd, path);
  if (values.isSet('staged')) return { kind: 'staged', path, absolute };
  if (word === 'stdin') return { kind: 'stdin', path: '', absolute: context.cwd };
  if (localDisk.kindOf(absolute) === undefined)
    throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `there is no ${path}` });
  return { kind: word === 'git' || word === 'detect' ? 'git' : 'dir', path, absolute };
}

function isInside(path: string, folder: string): boolean {
  const root = localDisk.resolve(folder) ?? folder;
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

type Staged = Pick<StagedScan, 'staged' | 'repository'>;

async function startStaged(context: CommandContext, wanted: Wanted): Promise<Staged> {
  const { changes, repository } = await openGit(context, wanted);
  return { staged: await changes.stagedFiles(), repository };
}

interface Search {
  readonly wanted: Wanted;
  readonly scanner: SecretScanner;
  readonly staged: Promise<Staged> | undefined;
}

async function search(
  context: CommandContext,
  values: FlagValues,
  { wanted, scanner, staged }: Search,
): Promise<SecretRun> {
  const isExcluded = compileExclusions(values.list('exclude'));
  const onProgress = (files: number, bytes: number): void =>
    context.progress.update({ what: 'searching', files, bytes });
  switch (wanted.kind) {
    case 'stdin':
      return scanText(scanner, await context.readStdin());
    case 'dir': {
      const { scanFolder } = await import('../../secrets/scan-folder.ts');
      const shownRoot = wanted.path.replace(/\/+$/, '').replace(/^\.(?:\/+|$)/, '');
      const followsLinks = values.isSet('follow-symlinks');
      return scanFolder({ scanner, root: wanted.absolute, shownRoot, isExcluded, followsLinks, onProgress });
    }
    case 'git': {
      const { scanHistory } = await import('../../secrets/scan-history.ts');
      const { selectionFrom } = await import('../../secrets/log-options.ts');
      const selection = selectionFrom(values.text('log-opts') ?? '');
      const opensArchives = (values.number('max-archive-depth') ?? 0) > 0;
      return scanHistory({
        scanner,
        ...(await openGit(context, wanted)),
        selection,
        isExcluded,
        opensArchives,
        onProgress,
      });
    }
    default: {
      const { scanStaged } = await import('../../secrets/scan-staged.ts');
      return scanStaged({ scanner, ...(await (staged ?? startStaged(context, wanted))), isExcluded });
    }
  }
}

async function openGit(context: CommandContext, { absolute }: Wanted) {
  const { openGitRepository } = await import('../../../io/git.ts');
  const { gitChanges } = await import('../../../io/git-changes.ts');
  return {
    changes: gitChanges(absolute, context.environment),
    repository: openGitRepository(absolute, context.environment),
  };
}

function scanText(scanner: SecretScanner, bytes: Uint8Array): SecretRun {
  const recorder = new SecretRecorder();
  recorder.files = 1;
  recorder.bytes = bytes.length;
  for (const { secrets, problems, skipped } of scanner.scanFiles([{ path: '', bytes }])) {
    recorder.add(secrets.map((raw) => ({ raw })));
    recorder.problem(...problems);
    if (skipped !== undefined) recorder.skip(skipped);
  }
  return recorder.finish();
}

/** With rules of their own, people have chosen each of them; of the shipped ones the uncertain only inform. */
function leastConfidence(values: FlagValues, { areShipped }: ChosenRules): Confidence {
  const word = values.text('min-confidence');
  return confidences.find((level) => level === word) ?? (areShipped ? 'medium' : 'low');
}

interface Reporting {
  readonly context: CommandContext;
  readonly wanted: Wanted;
  readonly found: SecretRun;
  readonly judged: Judgement;
  readonly chosen: ChosenRules;
  readonly least: Confidence;
  readonly now: string;
}

async function outputOf({ context, wanted, found, judged, chosen, least, now }: Reporting): Promise<SecretOutput> {
  const { rules } = chosen.ruleSet;
  const isBlocking = ({ finding, suppressed }: JudgedSecret): boolean =>
    suppressed === undefined && confidences.indexOf(finding.confidence) <= confidences.indexOf(least);
  const target =
    wanted.kind === 'stdin' ? 'stdin' : wanted.kind === 'staged' ? 'staged' : `${wanted.kind}:${wanted.path}`;
  return {
    view: {
      target,
      tool: { name: programName, version },
      createdAt: now,
      secrets: judged.secrets.map((secret) => ({
        finding: secret.finding,
        isBlocking: isBlocking(secret),
        ...(secret.suppressed === undefined ? {} : { suppressed: secret.suppressed }),
      })),
      problems: found.problems,
      counts: found.counts,
      rules: rules.length,
      unused: judged.unused.map(({ what, location, why }) => ({
        what,
        path: location.path,
        ...(location.line === undefined ? {} : { line: location.line }),
        why,
      })),
    },
    secrets: judged.secrets,
    rules,
    remote: wanted.kind === 'git' && found.found.length > 0 ? await remoteOf(context, wanted) : undefined,
    isStaged: wanted.kind === 'staged',
  };
}

async function remoteOf(context: CommandContext, wanted: Wanted): Promise<SecretOutput['remote']> {
  const { hostOf, pageOfRemote } = await import('../../../formats/commit-link.ts');
  const { changes } = await openGit(context, wanted);
  const address = await changes.remoteAddress();
  const url = address === undefined ? undefined : pageOfRemote(address);
  const host = url === undefined ? undefined : hostOf(url);
  return url === undefined || host === undefined ? undefined : { host, url };
}

interface Accepting {
  readonly judged: Judgement;
  readonly acceptances: ReadAcceptances;
}

/** Entries that were in the file and have been of use stay. */
async function acceptAll(
  context: CommandContext,
  values: FlagValues,
  { judged, acceptances }: Accepting,
): Promise<void> {
  const reason = values.text('accept-all');
  if (reason === undefined) return;
  const { printSecretIgnores } = await import('../../../formats/secret-ignore-file.ts');
  const known = new Map(acceptances.accepted.content.map((entry) => [entry.fingerprint, entry.reason]));
  const entries = new Map(
    judged.secrets
      .filter(({ suppressed, finding }) => suppressed === undefined || known.has(finding.fingerprint))
      .map(({ finding }) => [
        finding.fingerprint,
        {
          fingerprint: finding.fingerprint,
          rule: finding.id,
          path: finding.location.path,
          reason: known.get(finding.fingerprint) ?? reason,
        },
      ]),
  );
  writeWhole(
    join(context.cwd, secretIgnoreFileName),
    secretIgnoreFileName,
    printSecretIgnores(acceptances.fileKey, [...entries.values()]),
  );
  context.log.info(`${secretIgnoreFileName}: ${entries.size} accepted`);
}

function tellRest(context: CommandContext, found: SecretRun, judged: Judgement): void {
  for (const { location, message, hidesFindings } of found.problems) {
    const text = `${formatLocation(location)}: ${message}`;
    if (hidesFindings) context.log.error(text);
    else context.log.warn(text);
  }
  for (const { what, location, why } of judged.unused)
    context.log.warn(
      `${formatLocation(location)}: ${what} ${why === 'expired' ? 'has expired; it no longer applies' : 'matched nothing'}`,
    );
}

function exitCode(values: FlagValues, { view }: SecretOutput): number {
  const isAccepting = values.text('accept-all') !== undefined;
  if (!isAccepting && view.secrets.some(({ isBlocking }) => isBlocking)) return values.number('exit-code') ?? 1;
  return view.problems.some(({ hidesFindings }) => hidesFindings) ? 3 : 0;
}

function usage(message: string): LandwaiterError {
  return new LandwaiterError({
    code: 'USAGE',
    message,
    hint: 'landwaiter secrets; landwaiter secrets git; landwaiter secrets --staged',
  });
}
