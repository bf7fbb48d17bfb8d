// SPDX-License-Identifier: Apache-2.0
// `landwaiter provenance generate|verify|vsa`: where an artifact comes from, told and checked.
import { nearest } from '../../../model/nearest.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { usage } from '../provenance-expectation.ts';

type Action = (context: CommandContext, operands: readonly string[], values: FlagValues) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  generate: async (...parts) => (await import('../provenance-generate.ts')).runGenerate(...parts),
  verify: async (...parts) => (await import('../provenance-verify.ts')).runVerify(...parts),
  vsa: summary,
};

const summaryActions: Readonly<Record<string, Action>> = {
  create: async (...parts) => (await import('../provenance-summary.ts')).createSummary(...parts),
  verify: async (...parts) => (await import('../provenance-summary.ts')).checkSummary(...parts),
};

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return choose('provenance', actions, operands)(context, operands.slice(1), values);
}

async function summary(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  return choose('provenance vsa', summaryActions, operands)(context, operands.slice(1), values);
}

function choose(name: string, choices: Readonly<Record<string, Action>>, [word = '']: readonly string[]): Action {
  const action = Object.hasOwn(choices, word) ? choices[word] : undefined;
  if (action !== undefined) return action;
  const words = Object.keys(choices);
  const close = nearest(word, words);
  throw usage(
    word === '' ? `${name} needs to know what to do` : `there is no "${name} ${word}"`,
    close === undefined ? `it takes ${words.join(', ')}` : `did you mean ${name} ${close}?`,
  );
}
