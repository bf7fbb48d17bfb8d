// SPDX-License-Identifier: Apache-2.0
// The list of all reports; each is loaded only when it is asked for, because some are large.
import type { Report, ReportCommand } from './report.ts';

export interface ReportEntry {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly commands: readonly ReportCommand[];
  readonly load: () => Promise<Report>;
}

export const reports: readonly ReportEntry[] = [
  // SBOM formats
  { id: 'table', aliases: [], commands: ['sbom'], load: async () => (await import('./sbom-table.ts')).sbomTable },
  {
    id: 'cyclonedx-json',
    aliases: ['cyclonedx'],
    commands: ['sbom', 'scan'],
    load: async () => (await import('./cyclonedx-json.ts')).cyclonedxJson,
  },
  {
    id: 'cyclonedx-xml',
    aliases: [],
    commands: ['sbom', 'scan'],
    load: async () => (await import('./cyclonedx-xml.ts')).cyclonedxXml,
  },
  {
    id: 'spdx-json',
    aliases: ['spdx'],
    commands: ['sbom'],
    load: async () => (await import('./spdx-json.ts')).spdxJson,
  },
  {
    id: 'spdx-tag-value',
    aliases: [],
    commands: ['sbom'],
    load: async () => (await import('./spdx-tag-value.ts')).spdxTagValue,
  },
  {
    id: 'spdx3-json',
    aliases: ['spdx3'],
    commands: ['sbom'],
    load: async () => (await import('./spdx3-json.ts')).spdx3Json,
  },
  {
    id: 'syft-json',
    aliases: ['syft'],
    commands: ['sbom'],
    load: async () => (await import('./syft-json.ts')).syftJson,
  },
  {
    id: 'github',
    aliases: ['github-json'],
    commands: ['sbom'],
    load: async () => (await import('./github.ts')).github,
  },
  { id: 'purls', aliases: ['purl'], commands: ['sbom'], load: async () => (await import('./purls.ts')).purls },
  // findings
  { id: 'table', aliases: [], commands: ['scan', 'policy'], load: async () => (await import('./table.ts')).table },
  { id: 'json', aliases: [], commands: ['scan', 'policy'], load: async () => (await import('./json.ts')).json },
  { id: 'sarif', aliases: [], commands: ['scan', 'policy'], load: async () => (await import('./sarif.ts')).sarif },
  {
    id: 'cyclonedx-vex',
    aliases: [],
    commands: ['scan'],
    load: async () => (await import('./cyclonedx-vex.ts')).cyclonedxVex,
  },
  { id: 'junit', aliases: [], commands: ['scan', 'policy'], load: async () => (await import('./junit.ts')).junit },
  {
    id: 'gitlab',
    aliases: ['gitlab-dependency-scanning'],
    commands: ['scan'],
    load: async () => (await import('./gitlab.ts')).gitlab,
  },
  {
    id: 'markdown',
    aliases: ['md'],
    commands: ['scan', 'policy'],
    load: async () => (await import('./markdown.ts')).markdown,
  },
  { id: 'html', aliases: [], commands: ['scan', 'policy'], load: async () => (await import('./html.ts')).html },
  // what policies said of objects
  {
    id: 'openreports',
    aliases: [],
    commands: ['policy'],
    load: async () => (await import('./openreports.ts')).openreports,
  },
  {
    id: 'policy-report',
    aliases: ['wgpolicyk8s'],
    commands: ['policy'],
    load: async () => (await import('./policy-report.ts')).policyReport,
  },
  {
    id: 'objects',
    aliases: [],
    commands: ['policy'],
    load: async () => (await import('./planned-objects.ts')).plannedObjects,
  },
];
