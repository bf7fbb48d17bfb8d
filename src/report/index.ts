// SPDX-License-Identifier: Apache-2.0
// The list of all reports; each is loaded only when it is asked for, because some are large.
import type { Report } from './report.ts';

export interface ReportEntry {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly commands: readonly ('sbom' | 'scan')[];
  readonly load: () => Promise<Report>;
}

export const reports: readonly ReportEntry[] = [
  // SBOM formats
  // findings
];
