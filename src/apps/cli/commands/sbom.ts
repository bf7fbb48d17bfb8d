// SPDX-License-Identifier: Apache-2.0
// `landwaiter sbom TARGET`: what a target is made of.
import { reportTime } from '../../../io/clock.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import { programName, version } from '../../../model/version.ts';
import type { Inspection } from '../../inspect.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { writeEvidence } from '../evidence-file.ts';
import { inspectTarget } from '../inspect-target.ts';
import { planOutputs, writeOutputs } from '../outputs.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [target, ...rest] = operands;
  if (target === undefined || rest.length > 0) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: `sbom takes one target, ${operands.length} given`,
      hint: 'landwaiter sbom dir:.',
    });
  }
  const plans = planOutputs(values, 'sbom', 'table');
  const createdAt = reportTime(context.clock, context.environment['SOURCE_DATE_EPOCH']);
  const inspection = await inspectTarget(context, target, values, createdAt);
  await writeEvidence(context, values.text('evidence'), inspection.graph);
  const view = { graph: inspection.graph, target: inspection.target, tool: { name: programName, version }, createdAt };
  const formatVersion = values.text('format-version');
  await writeOutputs(plans, view, context, {
    showSuppressed: false,
    threshold: undefined,
    ...(formatVersion === undefined ? {} : { formatVersion }),
  });
  return reportProblems(context, inspection);
}

/** Names on stderr what could not be read. Returns 3 when it could hide something, else 0. */
function reportProblems(context: CommandContext, inspection: Inspection): number {
  let status = 0;
  for (const problem of inspection.coverage.problems) {
    const line = `${formatLocation(problem.location)}: ${problem.message}`;
    if (problem.hidesFindings) {
      status = 3;
      context.log.warn(`could not look: ${line}`);
    } else context.log.debug(line);
  }
  return status;
}
