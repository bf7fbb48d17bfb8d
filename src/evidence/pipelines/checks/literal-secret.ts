// SPDX-License-Identifier: Apache-2.0

import type { Variable } from '../pipeline.ts';
import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { isLiteralSecret, isSecretName } from '../secret-names.ts';

export const literalSecret = definePipelineCheck({
  id: 'literal-secret',
  title: 'A secret is written into the pipeline',
  aliases: [],
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  principle: 'secrets-management',
  systems: pipelineSystems,
  why: 'Everybody who can read the repository, or a copy of it, has the secret, for ever.',
  remediation: 'Revoke it, and put a new one into the secret store of the system.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'variables:\n  DEPLOY_TOKEN: $VAULT_DEPLOY_TOKEN\na:\n  script: [make]\n',
    bad: 'variables:\n  DEPLOY_TOKEN: 4hk2Lq9vT0\na:\n  script: [make]\n',
  },
  run: ({ variables, jobs }) => [
    ...variables.filter(isLiteral).map((variable) => faultOf(variable)),
    ...jobs.flatMap((job) =>
      [...job.variables, ...job.steps.flatMap((step) => step.variables)]
        .filter(isLiteral)
        .map((variable) => ({ ...faultOf(variable), job: job.id })),
    ),
    ...jobs.flatMap((job) =>
      job.steps.flatMap(({ component }) =>
        [...(component?.inputs ?? [])]
          .filter(
            ([name, { text }]) =>
              isLiteral({ name: name.replaceAll('-', '_'), value: text }) && !/path|file|name$/i.test(name),
          )
          .map(([name, { text, location }]) => ({ ...faultOf({ name, value: text, location }), job: job.id })),
      ),
    ),
  ],
});

function isLiteral({ name, value }: Pick<Variable, 'name' | 'value'>): boolean {
  return isSecretName(name) && isLiteralSecret(value) && !/\s/.test(value.trim());
}

function faultOf({ name, value, location }: Variable): {
  readonly message: string;
  readonly locations: readonly [Variable['location']];
} {
  return { message: `${name} has its value in the file (${value.trim().length} characters)`, locations: [location] };
}
