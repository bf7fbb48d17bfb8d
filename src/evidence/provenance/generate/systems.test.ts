// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { parseSlsaProvenance } from '../../../formats/slsa-provenance.ts';
import { describeLocalBuild } from './local-build.ts';
import { provenancePredicate } from './statement.ts';
import { detectCiSystem } from './systems.ts';

const commit = 'a'.repeat(40);
const github = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_SHA: commit,
  GITHUB_REF: 'refs/tags/v1',
  GITHUB_WORKFLOW_REF: 'acme/app/.github/workflows/release.yml@refs/tags/v1',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_EVENT_NAME: 'push',
  RUNNER_ENVIRONMENT: 'github-hosted',
};
const gitlab = {
  GITLAB_CI: 'true',
  CI_PROJECT_URL: 'https://oauth2:s3cret@gitlab.example/acme/app',
  CI_SERVER_URL: 'https://gitlab.example',
  CI_COMMIT_SHA: commit,
  CI_COMMIT_TAG: 'v1',
  CI_JOB_ID: '9',
  CI_JOB_NAME: 'build',
  CI_RUNNER_ID: '3',
  DEPLOY_TOKEN: 's3cret',
};
const tekton = {
  TEKTON_NAMESPACE: 'ci',
  TEKTON_TASKRUN: 'build-1',
  TEKTON_GIT_URL: 'https://git.example/acme/app',
  TEKTON_GIT_COMMIT: commit,
};

function built(environment: Readonly<Record<string, string>>): ReturnType<typeof describeLocalBuild> {
  const build = detectCiSystem(environment)?.describe(environment);
  if (build === undefined || 'missing' in build) throw new Error('not described');
  return build;
}

describe('generated provenance', () => {
  it.each([
    ['GitHub Actions', github, 'https://github.com/actions/runner/github-hosted', 2],
    ['GitLab CI', gitlab, 'https://gitlab.example/-/runners/3', 2],
    ['Tekton', tekton, 'https://landwaiter.dev/builders/tekton-step', 1],
  ])(
    'of %s is read back with its source and claims no more than it can show',
    (_title, environment, builder, level) => {
      const build = built(environment);

      const predicate = provenancePredicate({
        build,
        generator: { name: 'test', version: '1' },
        finishedOn: '2026-01-01T00:00:00Z',
      });

      expect(build.level.most).toBe(level);
      const parsed = parseSlsaProvenance('1', predicate);
      expect(parsed).toMatchObject({
        kind: 'parsed',
        value: { builderId: builder, finishedOn: '2026-01-01T00:00:00Z' },
      });
      expect(parsed.kind === 'parsed' && parsed.value.dependencies[0]?.digest.get('gitCommit')).toBe(commit);
    },
  );

  it('holds no secrets of the environment', () => {
    expect(JSON.stringify(built(gitlab))).not.toContain('s3cret');
  });

  it('is level 1 on an own runner, and at most 1 on a machine of somebody', () => {
    const source = { repository: 'https://git.example/a', ref: undefined, commit };

    expect(built({ ...github, RUNNER_ENVIRONMENT: 'self-hosted' }).level.most).toBe(1);
    expect(describeLocalBuild({ source, command: undefined, invocationId: undefined }).level.most).toBe(1);
    expect(describeLocalBuild({ source: undefined, command: undefined, invocationId: undefined }).level.most).toBe(0);
  });

  it('names the variables that are missing', () => {
    const { GITHUB_SHA: _, ...rest } = github;

    expect(detectCiSystem(rest)?.describe(rest)).toEqual({ missing: ['GITHUB_SHA'] });
    expect(detectCiSystem({})).toBeUndefined();
  });
});
