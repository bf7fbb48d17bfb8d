// SPDX-License-Identifier: Apache-2.0
// Commands that do one of several things, by the word after their name: `landwaiter policy apply`. What a word does is loaded only when it is used.
import { printable } from '../../formats/text-table.ts';
import { nearest } from '../../model/nearest.ts';
import type { CommandModule } from './command.ts';
import { usage } from './usage.ts';

/** Runs with the operands behind its word. */
export type Action = CommandModule['run'];

/** By word, in the order in which they are told. */
export type Actions = Readonly<Record<string, () => Action | Promise<Action>>>;

/**
 * What runs a command of such words. `name` is how the command is called up to the word: `policy`, `provenance vsa`. `fallback` is the word that
 * is meant where none is given. Throws USAGE, with the nearest word, for one that there is not.
 */
export function actionsOf(name: string, actions: Actions, fallback?: string): Action {
  const words = Object.keys(actions);
  return async (context, operands, values) => {
    const [word = fallback, ...rest] = operands;
    if (word === undefined) throw usage(`${name} needs to know what to do`, `it takes ${words.join(', ')}`);
    const load = Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (load !== undefined) return (await load())(context, rest, values);
    const close = nearest(word, words);
    throw usage(
      `there is no "${name} ${printable(word)}"`,
      close === undefined ? `it takes ${words.join(', ')}` : `did you mean ${name} ${close}?`,
    );
  };
}
