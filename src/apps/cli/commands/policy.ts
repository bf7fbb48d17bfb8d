// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy apply|lint|test|translate`: policies of all dialects, judged here as a cluster would.
import { printable } from '../../../formats/text-table.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { nearest } from '../../../model/nearest.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

type Action = (context: CommandContext, operands: readonly string[], values: FlagValues) => Promise<number>;

const actions: Readonly<Record<string, () => Promise<Action>>> = {
  apply: async () => (await import('../policy-apply.ts')).apply,
  explain: async () => (await import('../policy-explain.ts')).explain,
  lint: async () => (await import('../policy-lint.ts')).lint,
  test: async () => (await import('../policy-test.ts')).test,
  translate: async () => (await import('../policy-translate.ts')).translate,
};

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [word = '', ...rest] = operands;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return (await action())(context, rest, values);
  const close = nearest(word, Object.keys(actions));
  const hint = close === undefined ? `it takes ${Object.keys(actions).join(', ')}` : `did you mean policy ${close}?`;
  throw new LandwaiterError({ code: 'USAGE', message: `there is no "policy ${printable(word)}"`, hint });
}
