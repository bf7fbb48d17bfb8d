// SPDX-License-Identifier: Apache-2.0
import { definePipelineCheck } from '../pipeline-check.ts';

export const unverifiedCreator = definePipelineCheck({
  id: 'unverified-creator',
  title: 'An action of somebody nobody vouches for',
  aliases: ['poutine/github_action_from_unverified_creator_used'],
  severity: 'low',
  confidence: 'medium',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: ['github-actions'],
  why: 'An action runs with the rights of the job; who owns it can change it, or be made to.',
  remediation: 'Use one of a verified creator, read and pin it, or keep a copy of your own.',
  needs: 'verified creators',
  run: ({ jobs, kind }, { verifiedCreators }) =>
    verifiedCreators === undefined || kind === 'component'
      ? []
      : jobs.flatMap((job) =>
          [job.calls, ...job.steps.map(({ component }) => component)].flatMap((component) => {
            if (component === undefined || component.isLocal || component.kind === 'image') return [];
            const owner = component.name.split('/')[0]?.toLowerCase() ?? '';
            if (verifiedCreators.has(owner)) return [];
            return [
              {
                message: `${component.text}: ${owner} is not among the verified creators`,
                locations: [component.location] as const,
                job: job.id,
              },
            ];
          }),
        ),
});
