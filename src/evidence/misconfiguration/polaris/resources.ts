// SPDX-License-Identifier: Apache-2.0
// Containers that ask for no CPU or memory, or have no limit, with the value Polaris would put there.

import { asObject } from '../../../formats/document.ts';
import type { ManifestCheck, WantedContent } from '../manifest-check.ts';
import { perPolarisContainer } from './view.ts';

export interface Suggestion {
  readonly value: WantedContent;
  readonly comment: string;
}

export function missingResource(
  list: 'requests' | 'limits',
  resource: 'cpu' | 'memory',
  suggestion: Suggestion,
): ManifestCheck['run'] {
  return perPolarisContainer(
    ({ name, container, at }) => {
      if (asObject(asObject(container['resources'])?.[list])?.[resource] !== undefined) return undefined;
      const place = [...at, 'resources', list, resource];
      return {
        message: `the container ${name} has no ${resource} ${list.slice(0, -1)}`,
        at: place,
        wanted: [{ at: place, ...suggestion }],
      };
    },
    { initContainers: 'without' },
  );
}
