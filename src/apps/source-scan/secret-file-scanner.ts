// SPDX-License-Identifier: Apache-2.0
// Secrets in the files of a target, with the shipped rules or the user's. Files are scanned in batches, which is faster than one by one.
import { toFinding } from '../../evidence/secrets/finding.ts';
import type { SecretFile, SecretScanner } from '../../evidence/secrets/raw-secret.ts';
import type { Problem } from '../../model/problem.ts';
import type { SecretFinding } from '../../model/secret-finding.ts';
import type { FileScanner, ScannerDecision } from './file-scanner.ts';

export interface SecretScannerOptions {
  /** Called when the first file is taken: making rules ready takes longer than walking a small tree. */
  readonly open: () => { readonly scanner: SecretScanner; readonly rules: number };
  readonly rulesDigest: string;
  /** Key of the fingerprints. */
  readonly key: string;
}

const batchBytes = 2_000_000;
const batchFiles = 400;

export function secretFileScanner({ open, rulesDigest, key }: SecretScannerOptions): FileScanner {
  const found: SecretFinding[] = [];
  const problems: Problem[] = [];
  let batch: SecretFile[] = [];
  /** Of the files of the batch, for images. */
  let layers: (string | undefined)[] = [];
  let size = 0;
  let looked = 0;
  let opened: ReturnType<typeof open> | undefined;
  const flush = (): void => {
    if (batch.length === 0) return;
    opened ??= open();
    const { scanner } = opened;
    for (const [index, result] of scanner.scanFiles(batch).entries()) {
      const layer = layers[index];
      problems.push(...result.problems);
      found.push(...result.secrets.map((raw) => inLayer(toFinding(raw, { key }), layer)));
    }
    problems.push(...scanner.takeProblems());
    batch = [];
    layers = [];
    size = 0;
  };
  return {
    name: 'secret',
    rulesDigest,
    mayWant: () => true,
    wants: () => true,
    take: ({ path, bytes, layer }) => {
      looked += 1;
      opened ??= open();
      if (opened.scanner.isPathAllowed(path)) return;
      batch.push({ path, bytes });
      layers.push(layer);
      size += bytes.length;
      if (size >= batchBytes || batch.length >= batchFiles) flush();
    },
    finish: () => {
      flush();
      return Promise.resolve({
        decisions: found.map(decisionOf),
        problems,
        notable: new Set([...found, ...problems].map(({ location }) => location.path)),
        fact: {
          scanner: 'secret',
          looked,
          rules: opened?.rules ?? 0,
          findings: found.map(({ id, location, fingerprint }) => ({ id, locations: [location], fingerprint })),
        },
      });
    },
  };
}

function inLayer(finding: SecretFinding, layer: string | undefined): SecretFinding {
  return layer === undefined ? finding : { ...finding, location: { ...finding.location, layer } };
}

function decisionOf(finding: SecretFinding): ScannerDecision {
  const { id, severity, title, redacted, location } = finding;
  const message = redacted === '' ? title : `${title} (${redacted})`;
  return { rule: `secret/${id}`, outcome: 'fail', severity, message, locations: [location], finding };
}
