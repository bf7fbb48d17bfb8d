// SPDX-License-Identifier: Apache-2.0
// Pods that share a namespace of the node.

import type { ManifestCheck } from '../manifest-check.ts';
import { perPolarisPod } from './view.ts';

export function hostNamespace(member: string, words: string): ManifestCheck['run'] {
  return perPolarisPod(({ spec, specAt }) => {
    if (spec[member] !== true) return [];
    const at = [...specAt, member];
    return [{ message: `the Pod ${words}`, at, wanted: [{ at, value: undefined }] }];
  });
}
