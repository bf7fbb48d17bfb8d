// SPDX-License-Identifier: Apache-2.0
// The list of all checks of Kubernetes objects. A new one is one file and one line here.
import type { ManifestCheck } from '../manifest-check.ts';

export const manifestChecks: readonly ManifestCheck[] = [];
