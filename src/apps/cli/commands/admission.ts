// SPDX-License-Identifier: Apache-2.0
// `landwaiter admission serve|webhooks|certificate|unregister|replay`: policies at the door of the cluster.
import { printable } from '../../../formats/text-table.ts';
import { LandwaiterError } from '../../../model/error.ts';
import { nearest } from '../../../model/nearest.ts';
import type { FlagValues } from '../arguments.ts';
import type { CommandContext } from '../command.ts';

type Action = (context: CommandContext, operands: readonly string[], values: FlagValues) => Promise<number>;

const actions: Readonly<Record<string, () => Promise<Action>>> = {
  serve: async () => (await import('../admission-serve.ts')).serve,
  webhooks: async () => (await import('../admission-webhooks.ts')).webhooks,
  certificate: async () => (await import('../admission-certificate.ts')).certificate,
  unregister: async () => (await import('../admission-certificate.ts')).unregister,
  replay: async () => (await import('../admission-replay.ts')).replay,
};

export async function run(context: CommandContext, operands: readonly string[], values: FlagValues): Promise<number> {
  const [word = '', ...rest] = operands;
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return (await action())(context, rest, values);
  const close = nearest(word, Object.keys(actions));
  const hint = close === undefined ? `it takes ${Object.keys(actions).join(', ')}` : `did you mean admission ${close}?`;
  throw new LandwaiterError({ code: 'USAGE', message: `there is no "admission ${printable(word)}"`, hint });
}
