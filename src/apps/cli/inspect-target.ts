// SPDX-License-Identifier: Apache-2.0
import { catalogers } from '../../evidence/packages/index.ts';
import type { Inspection } from '../inspect.ts';
import { inspect } from '../inspect.ts';
import { openTarget } from '../target.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { compileExclusions } from './exclusion.ts';

/** Opens and inspects a target with the flags that `sbom`, `scan` and `explain` share. */
export async function inspectTarget(
  context: CommandContext,
  target: string,
  values: FlagValues,
  observedAt: string,
): Promise<Inspection> {
  const opened = await openTarget(target, {
    cwd: context.cwd,
    environment: context.environment,
    isExcluded: compileExclusions(values.list('exclude')),
    onProgress: (files, bytes) => context.progress.update({ what: 'reading', files, bytes }),
    readStdin: context.readStdin,
  });
  if (!target.includes(':'))
    context.log.debug(`target ${target} is read as ${opened.kind === 'sbom' ? opened.target : opened.source.target}`);
  try {
    return await inspect(opened, { catalogers, observedAt, scopes: values.isSet('exclude-dev') ? 'runtime' : 'all' });
  } finally {
    context.progress.done();
  }
}
