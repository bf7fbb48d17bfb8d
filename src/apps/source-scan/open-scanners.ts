// SPDX-License-Identifier: Apache-2.0
// Makes the scanners of files that a run asks for. Each is loaded only when it is asked for.
import { resolve } from 'node:path';
import type { FileNames } from '../../evidence/misconfiguration/file-names.ts';
import type { ManifestProfile } from '../../evidence/misconfiguration/manifest-check.ts';
import { decodeText } from '../../formats/text.ts';
import type { ConfigurationFile } from '../misconfiguration/manifest-selection.ts';
import { readDocument } from '../target.ts';
import type { FileScanner } from './file-scanner.ts';

export interface ScannerOptions {
  readonly cwd: string;
  /** As in `--scanners`. */
  readonly names: ReadonlySet<string>;
  /** Whether the user named them: what a scanner then cannot read makes the run incomplete; otherwise it is only told. */
  readonly asked: 'by name' | 'by default';
  readonly misconfigProfile: ManifestProfile;
  readonly misconfigConfiguration?: ConfigurationFile | undefined;
  readonly deprecatedChecks: 'left out' | 'included';
  /** Which file is what, for the checks of configuration. */
  readonly fileNames: FileNames;
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
  if (options.names.has('misconfig')) {
    const { manifestFileScanner } = await import('./manifest-file-scanner.ts');
    const { misconfigProfile: profile, misconfigConfiguration: configuration, fileNames: names } = options;
    const { deprecatedChecks, today } = options;
    scanners.push(manifestFileScanner({ profile, configuration, deprecatedChecks, names, today }));
  }
  if (options.names.has('code')) scanners.push(await openCodeScanner(options));
  return options.asked === 'by name' ? scanners : scanners.map(lenient);
}

/** Their rules come with the program, whose digest counts for the cache. */
async function openSecretScanner(): Promise<FileScanner> {
  const [{ secretFileScanner }, { defaultSecretRules }, { createSecretScanner }, { publicFingerprintKey }] =
    await Promise.all([
      import('./secret-file-scanner.ts'),
      import('../../evidence/secrets/default-rules.ts'),
      import('../../evidence/secrets/scanner.ts'),
      import('../../evidence/secrets/finding.ts'),
    ]);
  return secretFileScanner({
    open: () => {
      const rules = defaultSecretRules();
      return { scanner: createSecretScanner(rules), rules: rules.rules.length };
    },
    rulesDigest: '',
    key: publicFingerprintKey,
  });
}

async function openCodeScanner({ cwd, codeRules, sarif }: ScannerOptions): Promise<FileScanner> {
  const [{ codeFileScanner }, { namedCodeRules, shippedCodeRules }] = await Promise.all([
    import('./code-scanner.ts'),
    import('./code-rules.ts'),
  ]);
  const reports =
    sarif.length === 0
      ? []
      : await Promise.all(
          sarif.map(async (path) => {
            const { readSarif } = await import('../../formats/sarif-results.ts');
            return readSarif(decodeText(readDocument(resolve(cwd, path), path), path).text, path);
          }),
        );
  return codeFileScanner({
    shipped: shippedCodeRules(),
    named: namedCodeRules(codeRules, cwd),
    loadEngine: async () => (await import('../../io/syntax-engine.ts')).loadSyntaxEngine(),
    imported: reports.flatMap((report) => report.findings),
    problems: reports.flatMap((report) => report.problems),
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
