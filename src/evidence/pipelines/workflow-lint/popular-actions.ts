// SPDX-License-Identifier: Apache-2.0
// What is known of actions that are not in the repository: the table of much used ones, and versions that no longer run.
import type { ActionInput, ActionMetadata } from './action-metadata.ts';
import type { PopularAction } from './tables/popular-actions.ts';
import { outdatedActions, popularActions } from './tables/popular-actions.ts';

const known = new Map<string, ActionMetadata>();

/** By the whole `uses`, whose ref must be one of the table: of a commit nothing is known. */
export function popularAction(uses: string): ActionMetadata | undefined {
  const cached = known.get(uses);
  if (cached !== undefined) return cached;
  const at = uses.lastIndexOf('@');
  const name = uses.slice(0, at).toLowerCase();
  const ref = uses.slice(at + 1);
  const found = popularActions.find((action) => action.name === name && action.refs.includes(ref));
  if (found === undefined) return undefined;
  const metadata = metadataOf(found);
  known.set(uses, metadata);
  return metadata;
}

/** Whether the version runs on a Node that GitHub's runners no longer have. */
export function isOutdated(uses: string): boolean {
  const at = uses.lastIndexOf('@');
  return outdatedActions.get(uses.slice(0, at).toLowerCase())?.includes(uses.slice(at + 1)) ?? false;
}

function metadataOf(action: PopularAction): ActionMetadata {
  return {
    name: action.name,
    inputs: action.inputs === 'any' ? undefined : inputsOf(action),
    outputs: action.outputs === 'any' ? undefined : wordsOf(action.outputs).map((output) => output.toLowerCase()),
    isDocker: action.isDocker ?? false,
    faults: [],
  };
}

function inputsOf({ inputs: list, deprecated }: PopularAction): ReadonlyMap<string, ActionInput> {
  const inputs = new Map<string, ActionInput>();
  for (const word of wordsOf(list)) {
    const name = word.replace(/!$/, '');
    const advice = deprecated?.[name];
    inputs.set(name.toLowerCase(), {
      name,
      isRequired: word.endsWith('!'),
      ...(advice === undefined ? {} : { deprecated: advice }),
    });
  }
  return inputs;
}

function wordsOf(list: string): readonly string[] {
  return list.split(/\s+/).filter((word) => word !== '');
}
