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
  { id: 'table', aliases: [], commands: ['scan'], load: async () => (await import('./table.ts')).table },
  { id: 'json', aliases: [], commands: ['scan'], load: async () => (await import('./json.ts')).json },
  { id: 'sarif', aliases: [], commands: ['scan'], load: async () => (await import('./sarif.ts')).sarif },
  { id: 'junit', aliases: [], commands: ['scan'], load: async () => (await import('./junit.ts')).junit },
  { id: 'gitlab', aliases: ['gitlab-dependency-scanning'], commands: ['scan'], load: async () => (await import('./gitlab.ts')).gitlab },
  { id: 'markdown', aliases: ['md'], commands: ['scan'], load: async () => (await import('./markdown.ts')).markdown },
  { id: 'html', aliases: [], commands: ['scan'], load: async () => (await import('./html.ts')).html },
];
