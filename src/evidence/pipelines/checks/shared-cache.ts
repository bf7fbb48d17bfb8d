// SPDX-License-Identifier: Apache-2.0
import { outsiderTriggers } from '../outsider-access.ts';
import type { CacheUse, Job, Pipeline } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { isRelease } from '../release-steps.ts';

export const sharedCache = definePipelineCheck({
  id: 'shared-cache',
  title: 'A release job reads a cache that less trusted jobs write',
  aliases: [],
  severity: 'medium',
  confidence: 'low',
  persona: 'regular',
  principle: 'ephemeral-environments',
  systems: ['github-actions', 'gitlab-ci', 'azure-pipelines', 'circleci'],
  why: 'What lies in the cache becomes part of what is released, and jobs that anybody can steer may have put it there.',
  remediation: 'Build releases without a cache, or give release jobs a key of their own.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'test:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n  cache: {key: test, paths: [node_modules]}\n  script: [npm test]\nrelease:\n  rules:\n    - if: $CI_COMMIT_TAG\n  script: [npm publish]\n',
    bad: 'test:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n  cache: {key: all, paths: [node_modules]}\n  script: [npm test]\nrelease:\n  rules:\n    - if: $CI_COMMIT_TAG\n  cache: {key: all, paths: [node_modules]}\n  script: [npm publish]\n',
  },
  run: (pipeline, { set }) => {
    const releases = pipeline.jobs.filter((job) => !job.template && isRelease(job));
    if (releases.length === 0) return [];
    const writers = set.pipelines
      .filter(({ system }) => system === pipeline.system)
      .flatMap((other) => other.jobs.map((job) => ({ other, job })))
      .filter(
        ({ other, job }) =>
          !job.template && isWrittenByOutsiders(other, job, (item) => outsiderTriggers(set, other, item).length > 0),
      );
    return releases.flatMap((job) =>
      cachesRead(job).flatMap((cache) => {
        const writer = writers.find(
          (item) =>
            item.job !== job &&
            item.job.caches.some((written) => written.direction !== 'restore' && sameCache(written.key, cache.key)),
        );
        if (writer === undefined) return [];
        const at =
          writer.job.caches.find((written) => sameCache(written.key, cache.key))?.location ?? writer.job.location;
        return [
          {
            message: `job ${job.id} releases with the cache ${cache.key === '' ? 'without key' : cache.key}, which job ${writer.job.id} writes when outsiders start it`,
            locations: [cache.location, at] as const,
            job: job.id,
          },
        ];
      }),
    );
  },
});

/** GitHub keeps the caches of pull requests apart from those of the main branch; only runs in the context of the main branch can poison them. */
function isWrittenByOutsiders(pipeline: Pipeline, job: Job, isOutside: (job: Job) => boolean): boolean {
  if (job.caches.every(({ direction }) => direction === 'restore')) return false;
  if (pipeline.system !== 'github-actions') return isOutside(job);
  return (
    pipeline.triggers.some(({ event }) => /^(?:pull_request_target|issue_comment|issues|workflow_run)$/.test(event)) &&
    isOutside(job)
  );
}

function cachesRead(job: Job): readonly CacheUse[] {
  return job.caches.filter(({ direction }) => direction !== 'save');
}

/** The fixed beginning of a key decides: what follows is a hash of a file that both have. */
function sameCache(a: string, b: string): boolean {
  const fixed = (key: string): string => key.split(/\$\{\{|\{\{|\$\(|\$/)[0]?.trim() ?? '';
  return a === b || (fixed(a) !== '' && fixed(a) === fixed(b));
}
