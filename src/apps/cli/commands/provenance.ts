// SPDX-License-Identifier: Apache-2.0
// `landwaiter provenance generate|verify|vsa`: where an artifact comes from, told and checked.
import { actionsOf } from '../actions.ts';

const summary = actionsOf('provenance vsa', {
  create: async () => (await import('../provenance-summary.ts')).createSummary,
  verify: async () => (await import('../provenance-summary.ts')).checkSummary,
});

export const run = actionsOf('provenance', {
  generate: async () => (await import('../provenance-generate.ts')).runGenerate,
  verify: async () => (await import('../provenance-verify.ts')).runVerify,
  vsa: () => summary,
});
