// SPDX-License-Identifier: Apache-2.0

import { isPinnedComponent, isPinnedImage } from '../pinned.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const actionCannotBePinned = definePipelineCheck({
  id: 'action-cannot-be-pinned',
  title: 'Pinning this action does not pin what it runs',
  aliases: ['poutine/unpinnable_action'],
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: ['github-actions'],
  why: 'Who pins the action to a commit still runs whatever its own actions and images are at the moment.',
  remediation: 'Pin what the action uses to commits and digests.',
  example: {
    path: 'action.yml',
    good: 'runs:\n  using: composite\n  steps:\n    - uses: actions/setup-node@0123456789abcdef0123456789abcdef01234567\n',
    bad: 'runs:\n  using: composite\n  steps:\n    - uses: actions/setup-node@v4\n',
  },
  run: ({ kind, jobs, location }) => {
    if (kind !== 'component') return [];
    const loose = jobs.flatMap((job) => [
      ...job.steps.flatMap(({ component }) =>
        component === undefined || component.isLocal || component.kind === 'image' || isPinnedComponent(component)
          ? []
          : [component],
      ),
      ...[...job.images, ...job.steps.flatMap(({ image }) => image ?? [])].filter(
        (image) => !isPinnedImage(image.text),
      ),
    ]);
    const [first] = loose;
    if (first === undefined) return [];
    const more = loose.length === 1 ? '' : ` and ${loose.length - 1} more`;
    return [
      { message: `uses ${first.text}${more} without commit or digest`, locations: [first.location, location] as const },
    ];
  },
});
