// SPDX-License-Identifier: Apache-2.0

import type { Job } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { proves } from '../release-steps.ts';

export const identityTokenUnused = definePipelineCheck({
  id: 'identity-token-unused',
  title: 'A job may ask for identity tokens that nothing in it uses',
  aliases: [],
  severity: 'low',
  confidence: 'low',
  persona: 'pedantic',
  principle: 'least-privilege',
  systems: ['github-actions', 'gitlab-ci'],
  why: 'Whoever runs a command in the job can sign as it and sign in to clouds as it.',
  remediation: 'Give `id-token: write` only to jobs that sign in, sign or attest.',
  example: {
    path: '.github/workflows/build.yml',
    good: 'on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
    bad: 'on: push\npermissions:\n  id-token: write\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
  },
  run: ({ jobs, system }) =>
    jobs.flatMap((job) => {
      if (
        job.oidc === undefined ||
        job.calls !== undefined ||
        job.template ||
        usesIdentity(job, system === 'gitlab-ci')
      )
        return [];
      return [
        {
          message: `job ${job.id} may have identity tokens (${job.oidc.subject}), and no step is known to use one`,
          locations: [job.oidc.location] as const,
          job: job.id,
        },
      ];
    }),
});

const consumers =
  /^(?:ossf\/scorecard-action|aws-actions\/configure-aws-credentials|azure\/login|google-github-actions\/auth|hashicorp\/vault-action|pypa\/gh-action-pypi-publish|rubygems\/.{1,60}|crazy-max\/ghaction-setup-docker|docker\/.{1,40}|actions\/deploy-pages|actions\/attest.{0,40}|sigstore\/.{1,60}|slsa-framework\/.{1,120}|jfrog\/setup-jfrog-cli|tailscale\/github-action|pulumi\/auth-actions|npm.{0,60}|akeyless.{0,60}|codecov\/codecov-action|depot\/.{1,60}|chainguard-dev\/.{1,60}|octo-sts\/action|rust-lang\/crates-io-auth-action|nuget\/login)$/i;

function usesIdentity(job: Job, isVariable: boolean): boolean {
  return job.steps.some((step) => {
    if (
      proves(step) ||
      (step.component !== undefined && (consumers.test(step.component.name) || step.component.isLocal))
    )
      return true;
    const text = step.script?.text.slice(0, 100_000) ?? '';
    return isVariable
      ? /TOKEN|JWT|vault|sts|gcloud|az login/i.test(text)
      : /ACTIONS_ID_TOKEN_REQUEST|getIDToken|--provenance|npm publish|cosign|vault /.test(text);
  });
}
