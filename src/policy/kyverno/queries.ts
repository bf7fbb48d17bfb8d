// SPDX-License-Identifier: Apache-2.0
// JMESPath expressions of policies, compiled once and kept. The cache is bounded, because expressions may be made from values of resources.
import type { JmespathExpression } from '../jmespath/expression.ts';
import { compileJmespath } from '../jmespath/expression.ts';
import { JmespathFault } from '../jmespath/fault.ts';
import type { JmespathSurroundings } from '../jmespath/function.ts';
import { functionsOfKyverno } from '../jmespath/kyverno-functions/index.ts';

const mostExpressions = 10_000;

export class Queries {
  readonly #surroundings: JmespathSurroundings;
  readonly #compiled = new Map<string, JmespathExpression | JmespathFault>();

  constructor(surroundings: JmespathSurroundings) {
    this.#surroundings = surroundings;
  }

  compile(text: string): JmespathExpression | JmespathFault {
    let known = this.#compiled.get(text);
    if (known === undefined) {
      known = compileJmespath(text, {
        dialect: 'kyverno',
        functions: functionsOfKyverno,
        surroundings: this.#surroundings,
      });
      if (this.#compiled.size >= mostExpressions) this.#compiled.clear();
      this.#compiled.set(text, known);
    }
    return known;
  }

  /** The value an expression gives, or the fault. */
  search(text: string, value: unknown): unknown {
    const compiled = this.compile(text);
    if (compiled instanceof JmespathFault) return compiled;
    const result = compiled.evaluate(value);
    return result.kind === 'fault' ? result : result.value;
  }
}
