// SPDX-License-Identifier: Apache-2.0
// Whether rules are judged as Kyverno judges them (`parity`), or without the places where that lets more through than a policy seems to say (`strict`).
// The places have names, which fail-open.ts tells; what strict does in each stands in docs/kyverno.md.

export type Hardening = 'parity' | 'strict';

/** What an answer of conditions that nobody can be sure of should be: those of deny rules should hold, those of exceptions should fail. */
export type SafeAnswer = 'holds' | 'fails';
