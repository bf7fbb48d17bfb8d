// SPDX-License-Identifier: Apache-2.0
// Makes the scanners of files that a run asks for. Each is loaded only when it is asked for.
import { resolve } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { Problem } from '../../model/problem.ts';
import { sha256 } from '../../model/sha256.ts';
import { readDocument } from '../target.ts';
import type { FileScanner } from './file-scanner.ts';

export interface ScannerOptions {
  readonly cwd: string;
  /** As in `--scanners`. */
  readonly names: ReadonlySet<string>;
  /** Whether the user named them: what a scanner then cannot read makes the run incomplete; otherwise it is only told. */
  readonly asked: 'by name' | 'by default';
  /** `2026-07-01` */
  readonly today: string;
  /** `--code-rules`: files and folders of further rules. */
  readonly codeRules: readonly string[];
  /** `--sarif`: reports of other analysers. */
  readonly sarif: readonly string[];
}

export async function openScanners(options: ScannerOptions): Promise<readonly FileScanner[]> {
  const scanners: FileScanner[] = [];
  if (options.names.has('secret')) scanners.push(await openSecretScanner());
  if (options.names.has('pipeline'))
    scanners.push((await import('./pipeline-file-scanner.ts')).pipelineFileScanner({}));
  if (options.names.has('misconfig')) scanners.push(await openManifestScanner(options));
  if (options.names.has('code')) scanners.push(await openCodeScanner(options));
  return options.asked === 'by name' ? scanners : scanners.map(lenient);
}

async function openSecretScanner(): Promise<FileScanner> {
  const [{ secretFileScanner }, { defaultSecretRules }, { createSecretScanner }, { publicFingerprintKey }] =
    await Promise.all([
      import('./secret-file-scanner.ts'),
      import('../../evidence/secrets/default-rules.ts'),
      import('../../evidence/secrets/scanner.ts'),
      import('../../evidence/secrets/finding.ts'),
    ]);
  const rules = defaultSecretRules();
  return secretFileScanner({
    scanner: createSecretScanner(rules),
    rulesDigest: sha256(JSON.stringify(rules)),
    rules: rules.rules.length,
    key: publicFingerprintKey,
  });
}

async function openManifestScanner({ today }: ScannerOptions): Promise<FileScanner> {
  const { manifestFileScanner } = await import('./manifest-file-scanner.ts');
  return manifestFileScanner({ profile: 'landwaiter', today });
}

async function openCodeScanner({ cwd, codeRules, sarif }: ScannerOptions): Promise<FileScanner> {
  const [{ codeFileScanner }, { namedCodeRules, shippedCodeRules }, { loadSyntaxEngine }, { readSarif }] =
    await Promise.all([
      import('./code-scanner.ts'),
      import('./code-rules.ts'),
      import('../../io/syntax-engine.ts'),
      import('../../formats/sarif-results.ts'),
    ]);
  const shipped = shippedCodeRules();
  const named = namedCodeRules(codeRules, cwd);
  const reports = sarif.map((path) => readSarif(decodeText(readDocument(resolve(cwd, path), path), path).text, path));
  const problems: Problem[] = [...shipped.problems, ...named.problems, ...reports.flatMap((report) => report.problems)];
  return codeFileScanner({
    rules: [...shipped.rules, ...named.rules],
    engine: await loadSyntaxEngine(),
    imported: reports.flatMap((report) => report.findings),
    problems,
  });
}

/** What nobody asked for by name does not make a run incomplete: a missing parser is told of, and that is all. */
function lenient(scanner: FileScanner): FileScanner {
  return {
    ...scanner,
    finish: async () => {
      const scan = await scanner.finish();
      const problems = scan.problems.map((problem) =>
        problem.kind === 'unsupported' ? { ...problem, hidesFindings: false } : problem,
      );
      return { ...scan, problems };
    },
  };
}
