// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';
import { findSecrets } from '../secret-patterns.ts';

export const secretInLabel = defineImageCheck({
  id: 'secret-in-label',
  title: 'Secret in a label',
  aliases: [],
  severity: 'high',
  why: 'Labels stand in the configuration of the image: everybody who can pull it can read them.',
  remediation: 'Replace the secret, and take the label out of the Dockerfile or of the build',
  urls: ['https://docs.docker.com/build/building/secrets/'],
  run: ({ config, steps }) =>
    Object.entries(config.runtime.labels).flatMap(([name, value]) =>
      findSecrets(`${name}=${value}`).map(({ title }) => {
        const step = steps.findLast(({ text }) => text.startsWith('LABEL ') && text.includes(name));
        return {
          message: `the label ${name} holds a ${title}`,
          location: step === undefined ? { path: 'config/Labels' } : stepLocation(step),
          resource: `LABEL ${name}`,
          origin: step?.origin,
        };
      }),
    ),
});
