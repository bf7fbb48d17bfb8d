// SPDX-License-Identifier: Apache-2.0
// Flags of `landwaiter manifests`.
import type { Flag } from './flag.ts';

export const manifestFlags = {
  'secrets-management': {
    type: 'boolean',
    group: 'output',
    summary:
      'show how each namespace gets its secrets, and the next step for those that stand readable, instead of faults',
    configurable: false,
  },
  render: {
    type: 'boolean',
    group: 'input',
    summary:
      'let helm, kustomize or kubectl render charts and kustomizations where they are installed; nothing is fetched',
  },
} as const satisfies Readonly<Record<string, Flag>>;
