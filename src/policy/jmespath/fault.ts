// SPDX-License-Identifier: Apache-2.0
// Why an expression could not be compiled or evaluated: a code, a sentence as the peer words it, and the place in the text.

/**
 * `unknown-key` exists in the Kyverno dialect only; `limit` is never swallowed by any construct. `refused` is no fault of an expression: strict hardening does
 * not let it be evaluated, which breaks the rule.
 */
export type JmespathFaultCode =
  | 'syntax'
  | 'invalid-type'
  | 'invalid-arity'
  | 'invalid-value'
  | 'unknown-function'
  | 'unknown-key'
  | 'runtime'
  | 'limit'
  | 'refused';

export class JmespathFault {
  readonly kind = 'fault';
  readonly code: JmespathFaultCode;
  readonly message: string;
  /** UTF-16 units from the beginning of the expression; undefined until the place is known. */
  readonly offset: number | undefined;

  constructor(code: JmespathFaultCode, message: string, offset?: number) {
    this.code = code;
    this.message = message;
    this.offset = offset;
  }

  /** The same fault with a place, unless it has one. */
  at(offset: number): JmespathFault {
    return this.offset === undefined ? new JmespathFault(this.code, this.message, offset) : this;
  }
}
