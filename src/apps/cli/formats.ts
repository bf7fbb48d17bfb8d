// SPDX-License-Identifier: Apache-2.0
import type { ReportEntry } from '../../report/index.ts';
import { reports } from '../../report/index.ts';
import type { FormatKind } from './command.ts';

/** The reports a command can write. `convert` has a whole graph and can write those of both; what two call alike (`table`) is that of `scan`. */
export function formatsOf(kind: FormatKind): readonly ReportEntry[] {
  if (kind !== 'convert') return reports.filter((report) => report.commands.includes(kind));
  const ofScan = reports.filter((report) => report.commands.includes('scan'));
  const taken = new Set(ofScan.flatMap((report) => [report.id, ...report.aliases]));
  return [
    ...ofScan,
    ...formatsOf('sbom').filter((report) => !report.commands.includes('scan') && !taken.has(report.id)),
  ];
}
