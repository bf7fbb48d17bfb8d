// SPDX-License-Identifier: Apache-2.0

import { actionSlugOf } from '../pinned.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const knownVulnerableComponent = definePipelineCheck({
  id: 'known-vulnerable-component',
  title: 'A component has a known vulnerability',
  aliases: ['poutine/known_vulnerability_in_build_component'],
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: ['github-actions'],
  why: 'The weakness is public, and so is how to use it.',
  remediation: 'Use a version in which it is fixed.',
  needs: 'advisories',
  run: ({ jobs }, { advisoriesOf }) =>
    jobs.flatMap((job) =>
      [job.calls, ...job.steps.map(({ component }) => component)].flatMap((component) => {
        if (component?.version === undefined || component.isLocal) return [];
        const found = advisoriesOf?.(actionSlugOf(component.name), component.version) ?? [];
        return found.map(({ id, summary, severity, fixed }) => ({
          message: `${component.text} has ${id}: ${summary}${fixed === undefined ? '' : `; fixed in ${fixed}`}`,
          locations: [component.location] as const,
          job: job.id,
          severity,
        }));
      }),
    ),
});
