// SPDX-License-Identifier: Apache-2.0
import { composeWith, defineComposeCheck, variablesOf } from '../compose-check.ts';
import { isReference, isSecretName } from '../secret-names.ts';

export const composeSecret = defineComposeCheck({
  id: 'compose-secret',
  title: 'A secret stands in the file',
  aliases: [],
  severity: 'high',
  why: 'The file is in the repository, and variables are shown by docker inspect.',
  remediation: 'Use secrets: of the service, or take the value from the environment with ${NAME}',
  urls: ['https://github.com/compose-spec/compose-spec/blob/main/05-services.md'],
  example: {
    good: composeWith('environment: { DB_PASSWORD: "${DB_PASSWORD}" }'),
    bad: composeWith('environment: { DB_PASSWORD: correct-horse }'),
  },
  run: (service) =>
    variablesOf(service)
      .filter(({ name, value }) => isSecretName(name) && !isReference(value))
      .map(({ name, member }) => ({ message: `has the variable ${name.slice(0, 100)} with a secret in it`, member })),
});
