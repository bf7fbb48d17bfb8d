// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { EvidenceGraph } from '../../model/graph.ts';
import type { CommandContext } from './command.ts';
import { writeWhole } from './outputs.ts';

/** `--evidence FILE`: all evidence as in-toto statements, one JSON line each. Does nothing when no file is given. */
export async function writeEvidence(
  context: CommandContext,
  file: string | undefined,
  graphs: EvidenceGraph | readonly EvidenceGraph[],
): Promise<void> {
  if (file === undefined) return;
  const { statementsOf } = await import('../../formats/in-toto-evidence.ts');
  const all = 'evidence' in graphs ? [graphs] : graphs;
  const lines = all.flatMap((graph) => statementsOf(graph)).map((statement) => `${JSON.stringify(statement)}\n`);
  writeWhole(resolve(context.cwd, file), file, lines.join(''));
}
