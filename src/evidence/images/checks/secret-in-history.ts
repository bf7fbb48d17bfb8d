// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';
import { findSecrets } from '../secret-patterns.ts';

export const secretInHistory = defineImageCheck({
  id: 'secret-in-history',
  title: 'Secret in a build step',
  aliases: ['CIS-DI-0010', 'DS-0031'],
  severity: 'high',
  why: 'Commands and build arguments stay in the history of the image, also when a later step deletes what they made.',
  remediation: 'Replace the secret, and give it to the build with RUN --mount=type=secret',
  urls: ['https://docs.docker.com/build/building/secrets/'],
  run: ({ config, steps }) => {
    const { environment, labels } = config.runtime;
    // What the final configuration still holds is told of by the checks of variables and labels.
    const current = [...environment, ...Object.values(labels)].join('\n');
    return steps.flatMap((step) =>
      findSecrets(step.text).flatMap(({ title, start, end }) => {
        const isSetting = /^(?:ENV|LABEL) /.test(step.text);
        if (isSetting && current.includes(step.text.slice(start, end))) return [];
        return [
          {
            message: `step ${step.number} (${step.text.slice(0, step.text.search(/\s|$/))}) holds a ${title}`,
            location: stepLocation(step),
            resource: `history step ${step.number}`,
            origin: step.origin,
          },
        ];
      }),
    );
  },
});
