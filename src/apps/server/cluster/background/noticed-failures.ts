// SPDX-License-Identifier: Apache-2.0
// Notices that a question to the world stayed without an answer. Policies may go on with a default then, as in Kyverno (`apiCall.default`), so that their outcome does
// not tell; whoever deletes because of an outcome has to know.
import type { DataProvider } from '../../../../policy/data-provider.ts';

/** The same answers. `noticed` is called for each that was none: it failed, or nobody here can look. `pending` is no answer yet, and not noticed. */
export function noticingFailures(provider: DataProvider, noticed: () => void): DataProvider {
  return new Proxy(provider, {
    get: (owner, name) => {
      const member = Reflect.get(owner, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...input: readonly unknown[]): unknown => {
        const answer = Reflect.apply(member, owner, input) as unknown;
        if (isNone(answer)) noticed();
        return answer;
      };
    },
  });
}

function isNone(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return false;
  return answer.kind === 'failed' || answer.kind === 'unavailable';
}
