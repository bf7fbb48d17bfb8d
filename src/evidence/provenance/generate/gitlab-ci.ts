// SPDX-License-Identifier: Apache-2.0
// GitLab CI (docs.gitlab.com, "SLSA provenance specification"). Names of variables only: their values may be secrets that were not masked.
import type { BuildDescription, CiSystem, Environment } from './ci-system.ts';
import { present, requireVariables, valueOf, withoutCredentials } from './ci-system.ts';

const names = ['CI_PROJECT_URL', 'CI_SERVER_URL', 'CI_COMMIT_SHA', 'CI_JOB_ID', 'CI_JOB_NAME', 'CI_RUNNER_ID'] as const;

export const gitlabCi: CiSystem = {
  id: 'gitlab',
  title: 'GitLab CI',
  detect: (environment) => environment['GITLAB_CI'] === 'true',
  describe,
};

function describe(environment: Environment): BuildDescription | { readonly missing: readonly string[] } {
  const found = requireVariables(environment, names);
  if ('missing' in found) return found;
  const { values } = found;
  const source = withoutCredentials(values.CI_PROJECT_URL);
  const tag = valueOf(environment, 'CI_COMMIT_TAG');
  const branch = valueOf(environment, 'CI_COMMIT_BRANCH');
  const ref = tag !== undefined ? `refs/tags/${tag}` : branch === undefined ? undefined : `refs/heads/${branch}`;
  return {
    buildType: 'https://landwaiter.dev/buildtypes/gitlab-ci/v1',
    builderId: `${values.CI_SERVER_URL}/-/runners/${values.CI_RUNNER_ID}`,
    externalParameters: present({
      source,
      ref,
      entryPoint: values.CI_JOB_NAME,
      config: valueOf(environment, 'CI_CONFIG_PATH'),
    }),
    internalParameters: present({
      job: values.CI_JOB_ID,
      trigger: valueOf(environment, 'CI_PIPELINE_SOURCE'),
      architecture: valueOf(environment, 'CI_RUNNER_EXECUTABLE_ARCH'),
      project: valueOf(environment, 'CI_PROJECT_ID'),
    }),
    source: { repository: source, ref, commit: values.CI_COMMIT_SHA },
    invocationId: valueOf(environment, 'CI_JOB_URL') ?? `${source}/-/jobs/${values.CI_JOB_ID}`,
    startedOn: valueOf(environment, 'CI_JOB_STARTED_AT'),
    level: {
      most: 2,
      reason:
        'signed keyless with the token of the job, the service vouches for source and job; on an own runner it is level 1',
    },
  };
}
