// SPDX-License-Identifier: Apache-2.0
// Which secrets somebody has accepted: ignore files of the user, named or in the working folder, and a baseline.
import { join, resolve } from 'node:path';
import type { GitleaksIgnoreEntry } from '../../formats/gitleaks-ignore.ts';
import type { GitleaksFinding } from '../../formats/gitleaks-report.ts';
import type { SecretIgnoreEntry } from '../../formats/secret-ignore-file.ts';
import { secretIgnoreFileName } from '../../formats/secret-ignore-name.ts';
import { localDisk } from '../../io/disk.ts';
import { LandwaiterError } from '../../model/error.ts';
import { defaultLimits } from '../../model/limits.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { Acceptances } from '../secrets/suppress.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';

export interface ReadAcceptances {
  readonly accepted: Acceptances;
  /** Key of the ignore file, to be kept when it is written anew. */
  readonly fileKey: string | undefined;
  /** Paths that are not searched. */
  readonly ownPaths: readonly string[];
}

/** Throws TARGET_NOT_FOUND for a file that was named and cannot be read, INPUT_UNREADABLE for a baseline that is none. */
export async function readAcceptances(
  context: CommandContext,
  values: FlagValues,
  { isOwnTarget, now }: { readonly isOwnTarget: boolean; readonly now: string },
): Promise<ReadAcceptances> {
  const named = values.list('secret-ignores').map((path) => ignoreFileIn(context, path));
  const usual = [secretIgnoreFileName, '.gitleaksignore'].filter(
    (name) => isOwnTarget && localDisk.kindOf(join(context.cwd, name)) === 'file',
  );
  const paths = named.length > 0 ? named : usual;
  const content: SecretIgnoreEntry[] = [];
  const gitleaks: { path: string; entries: readonly GitleaksIgnoreEntry[] }[] = [];
  const problems: Problem[] = [];
  let fileKey: string | undefined;
  for (const path of paths) {
    const text = textOf(context, path);
    if (/\.ya?ml$/.test(path)) {
      const { readSecretIgnores } = await import('../../formats/secret-ignore-file.ts');
      const file = readSecretIgnores(text, path);
      fileKey ??= file.key;
      content.push(...file.entries);
      problems.push(...file.problems);
    } else {
      const { readGitleaksIgnore } = await import('../../formats/gitleaks-ignore.ts');
      const file = readGitleaksIgnore(text, path);
      gitleaks.push({ path, entries: file.entries });
      problems.push(...file.problems);
    }
  }
  for (const { location, message } of problems) context.log.warn(`${formatLocation(location)}: ${message}`);
  const baseline = values.text('baseline');
  const known = baseline === undefined ? undefined : await readBaseline(context, baseline);
  const accepted: Acceptances = {
    key: values.text('fingerprint-key') ?? fileKey,
    content,
    gitleaks,
    baseline: known?.findings ?? [],
    baselineFingerprints: known?.fingerprints ?? new Set(),
    today: now.slice(0, 10),
  };
  return { accepted, fileKey, ownPaths: [...paths, ...(baseline === undefined ? [] : [baseline])] };
}

/** A folder stands for the file in it, as gitleaks takes it. */
function ignoreFileIn({ cwd }: CommandContext, path: string): string {
  return localDisk.kindOf(resolve(cwd, path)) === 'directory' ? join(path, '.gitleaksignore') : path;
}

async function readBaseline(
  context: CommandContext,
  path: string,
): Promise<{ readonly findings: readonly GitleaksFinding[]; readonly fingerprints: ReadonlySet<string> }> {
  const text = textOf(context, path);
  const own = /"secrets\/?[^"]*"|"schema":\s*"https:\/\/landwaiter\.dev\/schema\/secrets/.test(text.slice(0, 300));
  if (own) return { findings: [], fingerprints: fingerprintsIn(text) };
  const { readGitleaksBaseline } = await import('../../formats/gitleaks-report.ts');
  const { findings, problem } = readGitleaksBaseline(text, path);
  if (problem !== undefined) throw new LandwaiterError({ code: 'INPUT_UNREADABLE', message: problem.message });
  return { findings, fingerprints: new Set() };
}

function fingerprintsIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/"fingerprint":\s{0,4}"([0-9a-f]{32})"/g)].map((match) => match[1] ?? ''));
}

function textOf({ cwd }: CommandContext, path: string): string {
  const result = localDisk.read(resolve(cwd, path), defaultLimits.documentBytes);
  if (result.kind === 'bytes') return Buffer.from(result.bytes).toString('utf8');
  const reason = result.kind === 'too-large' ? `${result.size} bytes` : result.reason;
  throw new LandwaiterError({ code: 'TARGET_NOT_FOUND', message: `could not open ${path}: ${reason}` });
}
