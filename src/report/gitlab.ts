// SPDX-License-Identifier: Apache-2.0
// GitLab's dependency scanning report (security report schema 15): one vulnerability per finding, the packages as dependency_files.
import { hash } from 'node:crypto';
import type { VulnerabilityDecision } from '../model/projection.ts';
import { packageListsOf, vulnerabilitiesOf } from '../model/projection.ts';
import type { Severity } from '../model/severity.ts';
import type { ReportView } from './report.ts';
import { defineReport } from './report.ts';

export const gitlab = defineReport({
  id: 'gitlab',
  aliases: ['gitlab-dependency-scanning'],
  title: 'GitLab dependency scanning report',
  extension: 'json',
  commands: ['scan'],
  write: (view) => {
    const { open } = vulnerabilitiesOf(view.graph);
    const document = {
      version: '15.0.7',
      scan: scanOf(view),
      vulnerabilities: open.map(vulnerabilityOf),
      dependency_files: packageListsOf(view.graph).map((list) => ({
        path: list.path,
        package_manager: list.ecosystem,
        dependencies: list.packages.map((item) => ({ package: { name: item.name }, version: item.version })),
      })),
    };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  },
});

function scanOf(view: ReportView): unknown {
  const tool = { id: view.tool.name, name: 'Landwaiter', version: view.tool.version, vendor: { name: 'Landwaiter' } };
  // The schema wants local time without a zone; reports are in UTC.
  const time = view.createdAt.slice(0, 19);
  const status = view.verdict?.state === 'incomplete' ? 'failure' : 'success';
  return { type: 'dependency_scanning', status, start_time: time, end_time: time, analyzer: tool, scanner: tool };
}

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Info',
  unknown: 'Unknown',
};

function vulnerabilityOf({ decision, finding }: VulnerabilityDecision): unknown {
  const { name, version, subject } = finding.package;
  const path = decision.locations[0]?.path ?? '.';
  const solution =
    finding.fixedVersions.length === 0
      ? {}
      : { solution: `Upgrade ${name} to ${finding.clearedBy ?? finding.fixedVersions[0]}` };
  return {
    id: hash('sha256', `${finding.id}\n${subject}\n${path}`),
    name: `${finding.id} in ${name}`.slice(0, 255),
    description: `${name} ${version} is affected by ${[finding.id, ...finding.aliases].join(', ')}.`,
    severity: severityNames[finding.severity],
    ...solution,
    location: { file: path, dependency: { package: { name }, version } },
    identifiers: [finding.id, ...finding.aliases].slice(0, 20).map((id) => ({ type: typeOf(id), name: id, value: id })),
    links: finding.urls.slice(0, 20).map((url) => ({ url })),
  };
}

function typeOf(id: string): string {
  const prefix = id.split('-')[0] ?? '';
  return ['CVE', 'GHSA', 'OSVDB', 'RHSA', 'USN'].includes(prefix) ? prefix.toLowerCase() : 'landwaiter';
}
