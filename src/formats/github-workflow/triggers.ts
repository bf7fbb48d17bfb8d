// SPDX-License-Identifier: Apache-2.0
// `on:`: what starts a workflow, in its three notations (word, list, map).
import type { Span } from '../span.ts';
import type { YamlEntry, YamlMapping, YamlNode } from '../yaml-tree.ts';
import { entriesIn, entryOf } from '../yaml-tree.ts';
import type { ModelContext } from './text.ts';
import { wrongShape } from './text.ts';

export interface Trigger {
  /** `push`, `pull_request_target`, `workflow_call`, ... */
  readonly event: string;
  /** The word. */
  readonly span: Span;
  /** Filters, inputs and types; a list of cron entries for `schedule`. Absent without. */
  readonly body?: YamlNode;
  readonly entry?: YamlEntry;
}

export interface Triggers {
  readonly entry: YamlEntry;
  readonly list: readonly Trigger[];
}

export function readTriggers(root: YamlMapping, context: ModelContext): Triggers | undefined {
  const entry = entryOf(root, 'on');
  if (entry === undefined) {
    wrongShape(context, root, 'a workflow without "on:"');
    return undefined;
  }
  const { value } = entry;
  if (value.kind === 'mapping') return { entry, list: value.entries.map(triggerOf) };
  const words = value.kind === 'sequence' ? value.items : [value];
  const list = words.flatMap((word): Trigger[] => {
    if (word.kind === 'scalar' && word.value !== null) return [{ event: word.text, span: word.place }];
    wrongShape(context, word, 'a trigger that is not a word');
    return [];
  });
  return { entry, list };
}

function triggerOf(entry: YamlEntry): Trigger {
  const hasBody = entry.value.kind !== 'scalar' || entry.value.value !== null;
  return { event: entry.key, span: entry.keySpan, entry, ...(hasBody ? { body: entry.value } : {}) };
}

export function findTrigger(triggers: Triggers | undefined, event: string): Trigger | undefined {
  return triggers?.list.find((trigger) => trigger.event === event);
}

/** Inputs that a caller or a person gives, with what they declare. */
export function triggerInputs(trigger: Trigger | undefined): readonly YamlEntry[] {
  return entriesIn(entryOf(trigger?.body, 'inputs')?.value);
}
