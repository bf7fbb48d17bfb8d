// SPDX-License-Identifier: Apache-2.0
// `landwaiter convert FILE`: a report of a scan in another form.
import { resolve } from 'node:path';
import { readScanReport } from '../../../formats/scan-report-format.ts';
import { decodeText } from '../../../formats/text.ts';
import { reportTime } from '../../../io/clock.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import { convertReport } from '../../convert.ts';
import { readDocument } from '../../target.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { planOutputs, writeOutputs } from '../outputs.ts';
import { filterOf, thresholdOf } from '../scan-filters.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [file, ...rest] = operands;
  if (file === undefined || rest.length > 0) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: `convert takes one report, ${operands.length} given`,
      hint: 'landwaiter convert report.json --format sarif',
    });
  }
  const plans = planOutputs(values, 'convert', 'table');
  const path = file === '-' ? 'standard input' : file;
  const bytes = file === '-' ? await context.readStdin() : readDocument(resolve(context.cwd, file), file);
  const report = await readScanReport(decodeText(bytes, path).text, path);
  if (report === undefined) {
    throw new LandwaiterError({
      code: 'INPUT_UNREADABLE',
      message: `${path} is no report of a known format`,
      hint: 'JSON reports of landwaiter, Trivy (schema 2) and Grype are read',
    });
  }
  for (const problem of report.problems.filter(({ hidesFindings }) => hidesFindings))
    context.log.warn(`could not read: ${formatLocation(problem.location)}: ${problem.message}`);
  const threshold = thresholdOf(values, 'none');
  const now = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const view = convertReport(report, { threshold, now, keep: filterOf(values) });
  const formatVersion = values.text('format-version');
  await writeOutputs(plans, view, context, {
    showSuppressed: values.isSet('show-suppressed'),
    threshold,
    ...(formatVersion === undefined ? {} : { formatVersion }),
  });
  const { exitCode } = view.verdict;
  return exitCode === 1 ? (values.number('exit-code') ?? 1) : exitCode;
}
