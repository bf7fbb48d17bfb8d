// SPDX-License-Identifier: Apache-2.0
// `landwaiter policy apply|explain|lint|test|translate`: policies of all dialects, judged here as a cluster would.
import { actionsOf } from '../actions.ts';

export const run = actionsOf('policy', {
  apply: async () => (await import('../policy-apply.ts')).apply,
  explain: async () => (await import('../policy-explain.ts')).explain,
  lint: async () => (await import('../policy-lint.ts')).lint,
  test: async () => (await import('../policy-test.ts')).test,
  translate: async () => (await import('../policy-translate.ts')).translate,
});
