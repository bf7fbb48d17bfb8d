// SPDX-License-Identifier: Apache-2.0
// The list of all packs with an adapter; each is loaded only when it is run.
import type { ConformancePack } from './pack.ts';

export const packs: Readonly<Record<string, () => Promise<ConformancePack>>> = {
};
