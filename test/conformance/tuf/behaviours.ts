// SPDX-License-Identifier: Apache-2.0
// The behaviours that the conformance suite of TUF names, rebuilt from the specification against a repository made in the test.
import type { Behaviour } from './behaviour.ts';
import { fileBehaviours } from './file-behaviours.ts';
import { targetBehaviours } from './target-behaviours.ts';
import { updateBehaviours } from './update-behaviours.ts';

export const tufBehaviours: Readonly<Record<string, Behaviour>> = {
  ...fileBehaviours,
  ...updateBehaviours,
  ...targetBehaviours,
};
