// SPDX-License-Identifier: Apache-2.0
// What the parts of the planner ask of the whole.

import type { Expression } from './ast.ts';
import type { CelEnvironment } from './environment.ts';
import type { Evaluate } from './frame.ts';

export interface Planning {
  readonly environment: CelEnvironment;
  plan(expression: Expression): Evaluate;
  /** Plans with local variables; each has a slot that no other variable alive at the same time has. */
  withLocals<Result>(names: readonly string[], body: (slots: readonly number[]) => Result): Result;
  isLocal(name: string): boolean;
}
