// SPDX-License-Identifier: Apache-2.0
// `landwaiter catalogers`: which files are read, and what can be seen in each.
import type { Cataloger } from '../../../evidence/packages/cataloger.ts';
import { catalogers } from '../../../evidence/packages/index.ts';
import { LandwaiterError } from '../../../model/error.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { plainOutput } from '../outputs.ts';

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  if (operands.length > 0) throw new LandwaiterError({ code: 'USAGE', message: 'catalogers takes no operands' });
  const output = plainOutput(values, context, 'catalogers');
  output.write(output.form === 'json' ? `${JSON.stringify(catalogers, undefined, 2)}\n` : table(catalogers));
  return 0;
}

function table(list: readonly Cataloger[]): string {
  const head = ['ID', 'READS', 'ECOSYSTEM', 'VERSIONS', 'DEPENDENCIES', 'SEES ALSO'];
  const rows = list.map((item) => [
    item.id,
    item.title,
    item.ecosystems.join(', '),
    item.capabilities.versions,
    item.capabilities.dependencies,
    (['scopes', 'licenses', 'digests', 'lines'] as const).filter((fact) => item.capabilities[fact]).join(', '),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const print = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[head, ...rows].map(print).join('\n')}\n`;
}
