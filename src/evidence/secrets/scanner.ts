// SPDX-License-Identifier: Apache-2.0
// The secret scanner: rules against fragments of text, in the way and the order of gitleaks (detect/detect.go), with bounded time. Fragments
// are scanned in batches under one guard; only those of a batch that took too long are scanned again, carefully.
import type { SecretRuleSet } from '../../formats/secret-rules.ts';
import type { Problem } from '../../model/problem.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { compileRules } from './compiled-rules.ts';
import { fragmentsOfFile } from './file-scan.ts';
import type { FragmentRules } from './fragment-scan.ts';
import { expressionTime, scanCarefully, scanQuickly } from './fragment-scan.ts';
import type {
  RawSecret,
  SecretFile,
  SecretFragment,
  SecretScanner,
  SecretScanOptions,
  SecretScanResult,
} from './raw-secret.ts';
import { withinTime } from './time-guard.ts';

/** Bytes that are scanned under one guard: some ten milliseconds of work. */
const batchBytes = 2_000_000;
const batchFragments = 1_024;

/** Makes rules ready; expressions are compiled when they are first needed. */
export function createSecretScanner(ruleSet: SecretRuleSet, options: SecretScanOptions = {}): SecretScanner {
  const rules = compileRules(ruleSet);
  const context: FragmentRules = { rules, options };
  const problems: Problem[] = [];
  const scanAll = (fragments: readonly SecretFragment[]): readonly (readonly RawSecret[])[] =>
    batchesOf(fragments).flatMap((batch) => scanBatch(batch, context, problems));
  return {
    scanAll,
    scan: (fragment) => scanAll([fragment])[0] ?? [],
    scanFiles: (files) => scanFiles(files, context, scanAll, problems),
    isPathAllowed: (path) => isPathAllowed(path, rules),
    takeProblems: () => problems.splice(0),
  };
}

function isPathAllowed(path: string, rules: CompiledRules): boolean {
  return rules.allowlists().some((list) => list.allowsFragment({ text: '', path }));
}

function batchesOf(fragments: readonly SecretFragment[]): readonly (readonly SecretFragment[])[] {
  const batches: SecretFragment[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const fragment of fragments) {
    const batch = batches.at(-1);
    const length = lengthOf(fragment);
    if (batch === undefined || size + length > batchBytes || batch.length >= batchFragments) {
      batches.push([fragment]);
      size = length;
    } else {
      batch.push(fragment);
      size += length;
    }
  }
  return batches;
}

function lengthOf(fragment: SecretFragment): number {
  return fragment.bytes?.length ?? fragment.text.length;
}

function scanBatch(
  batch: readonly SecretFragment[],
  context: FragmentRules,
  problems: Problem[],
): readonly (readonly RawSecret[])[] {
  const wanted = batch.map((fragment) => isWanted(fragment, context));
  const quick = withinTime(expressionTime, () =>
    batch.map((fragment, index) => (wanted[index] === true ? scanQuickly(fragment, context) : [])),
  );
  if (quick.kind === 'done') return quick.value;
  return batch.map((fragment, index) =>
    wanted[index] === true ? scanCarefully(fragment, context, (problem) => problems.push(problem)) : [],
  );
}

/** Not the files of the user that name secrets, and not what the allowlists of all rules take out. */
function isWanted(fragment: SecretFragment, { rules, options }: FragmentRules): boolean {
  if (fragment.path !== '' && options.ownPaths?.includes(fragment.path) === true) return false;
  return !rules.allowlists().some((list) => list.allowsFragment(fragment));
}

interface OpenResult {
  readonly secrets: RawSecret[];
  readonly problems: Problem[];
  skipped?: NonNullable<SecretScanResult['skipped']>;
}

function scanFiles(
  files: readonly SecretFile[],
  { rules, options }: FragmentRules,
  scanAll: (fragments: readonly SecretFragment[]) => readonly (readonly RawSecret[])[],
  problems: Problem[],
): readonly SecretScanResult[] {
  const results: OpenResult[] = files.map(() => ({ secrets: [], problems: [] }));
  let waiting: { readonly fragment: SecretFragment; readonly result: OpenResult }[] = [];
  let size = 0;
  const flush = (): void => {
    const found = scanAll(waiting.map(({ fragment }) => fragment));
    for (const [index, { result }] of waiting.entries()) result.secrets.push(...(found[index] ?? []));
    for (const problem of problems.splice(0)) {
      const own = waiting.find(({ fragment }) => fragment.path === problem.location.path)?.result;
      (own?.problems ?? problems).push(problem);
    }
    waiting = [];
    size = 0;
  };
  for (const [index, file] of files.entries()) {
    const result = results[index];
    if (result === undefined) continue;
    if (isPathAllowed(file.path, rules)) {
      result.skipped = 'allowed';
      continue;
    }
    const reading = {
      archiveDepth: options.archiveDepth ?? 0,
      isPathAllowed: (path: string) => isPathAllowed(path, rules),
      problem: (problem: Problem) => result.problems.push(problem),
      skip: (reason: NonNullable<SecretScanResult['skipped']>) => {
        result.skipped ??= reason;
      },
    };
    for (const fragment of fragmentsOfFile(file, reading)) {
      waiting.push({ fragment, result });
      size += lengthOf(fragment);
      if (size >= batchBytes || waiting.length >= batchFragments) flush();
    }
  }
  flush();
  return results;
}
