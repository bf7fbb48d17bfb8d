// SPDX-License-Identifier: Apache-2.0
// Picks the reader for a report of a scan by the marks of its format. Readers are loaded when they are needed.
import type { ScanReport, ScanReportReader } from '../model/scan-report.ts';
import { asArray, asObject } from './document.ts';
import { parseJson } from './json.ts';

/** Undefined when the text is no report that is known here. */
export async function readScanReport(text: string, path: string): Promise<ScanReport | undefined> {
  const reader = await readerOf(text, path);
  return reader?.(text, path);
}

async function readerOf(text: string, path: string): Promise<ScanReportReader | undefined> {
  const root = asObject(parseJson(text, path).value);
  if (root === undefined) return undefined;
  if (typeof root['schema'] === 'string' && root['schema'].includes('landwaiter'))
    return (await import('./landwaiter-report.ts')).readLandwaiterReport;
  if (root['SchemaVersion'] !== undefined && ('Results' in root || 'ArtifactName' in root))
    return (await import('./trivy-report.ts')).readTrivyReport;
  const isGrype = asArray(root['matches']).length > 0 || ('matches' in root && 'descriptor' in root);
  return isGrype ? (await import('./grype-report.ts')).readGrypeReport : undefined;
}
