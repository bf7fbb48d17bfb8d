// SPDX-License-Identifier: Apache-2.0
import { defineImageCheck, stepLocation } from '../image-check.ts';
import { findSecrets } from '../secret-patterns.ts';

export const secretInEnvironment = defineImageCheck({
  id: 'secret-in-environment',
  title: 'Secret in an environment variable',
  aliases: ['CIS-DI-0010', 'DS-0031'],
  severity: 'high',
  why: 'Environment variables stand in the configuration of the image: everybody who can pull it can read them.',
  remediation: 'Replace the secret, and give it to the container when it starts instead of to the image',
  urls: ['https://docs.docker.com/build/building/secrets/'],
  run: ({ config, steps }) =>
    config.runtime.environment.flatMap((variable) => {
      const name = variable.slice(0, Math.max(0, variable.indexOf('=')));
      return findSecrets(variable).map(({ title }) => {
        const step = steps.findLast(({ text }) => text.startsWith('ENV ') && text.includes(`${name}=`));
        return {
          message: `the environment variable ${name} holds a ${title}`,
          location: step === undefined ? { path: 'config/Env' } : stepLocation(step),
          resource: `ENV ${name}`,
          origin: step?.origin,
        };
      });
    }),
});
