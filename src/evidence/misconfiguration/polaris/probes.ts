// SPDX-License-Identifier: Apache-2.0
// Containers without a probe, with the placeholder Polaris would put there. Jobs need none.

import { asObject } from '../../../formats/document.ts';
import type { ManifestCheck } from '../manifest-check.ts';
import { perPolarisContainer } from './view.ts';

const placeholder = { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 };

export function missingProbe(member: string, words: string): ManifestCheck['run'] {
  return perPolarisContainer(
    ({ name, container, at }) => {
      if (asObject(container[member]) !== undefined) return undefined;
      const place = [...at, member];
      const comment = `TODO: ask the application itself whether it is ${words === 'liveness' ? 'alive' : 'ready'}`;
      return {
        message: `the container ${name} has no ${words} probe`,
        at: place,
        wanted: [{ at: place, value: placeholder, comment }],
      };
    },
    { initContainers: 'without', except: ['Job', 'CronJob'] },
  );
}
