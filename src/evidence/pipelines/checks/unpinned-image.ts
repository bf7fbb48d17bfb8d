// SPDX-License-Identifier: Apache-2.0

import { pinImage } from '../pin-fixes.ts';
import { isPinnedImage } from '../pinned.ts';
import type { ImageUse } from '../pipeline.ts';
import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const unpinnedImage = definePipelineCheck({
  id: 'unpinned-image',
  title: 'An image of the build can change under its name',
  aliases: [],
  severity: 'medium',
  confidence: 'high',
  persona: 'pedantic',
  principle: 'provenance-integrity',
  systems: pipelineSystems,
  why: 'A tag names whatever was pushed last; the build runs in it with all its secrets.',
  remediation: 'Name the digest beside the tag: image:1.2@sha256:… (landwaiter pipeline . --pin, then --fix).',
  example: {
    path: '.gitlab-ci.yml',
    good: 'a:\n  image: node:22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n  script: [make]\n',
    bad: 'a:\n  image: node:22\n  script: [make]\n',
  },
  run: ({ jobs, system }, context) =>
    jobs.flatMap((job) => {
      const steps = job.steps.flatMap(({ image }) => image ?? []);
      const images = [
        ...new Map(
          [...job.images, ...steps].map((image) => [
            `${image.text} ${image.location.path} ${image.location.line}`,
            image,
          ]),
        ).values(),
      ];
      return images
        .filter((image) => isJudged(image) && !isPinnedImage(image.text))
        .map((image) => ({ image, fix: pinImage(image, context) }))
        .map(({ image, fix }) => ({
          ...(fix === undefined ? {} : { fix }),
          message: `${image.text} names no digest`,
          locations: [image.location] as const,
          job: job.id,
          ...(isFloating(image.text) && system !== 'circleci' ? { persona: 'regular' as const } : {}),
        }));
    }),
});

/** Variables are not known; an empty name is the default of the runner. */
function isJudged({ text }: ImageUse): boolean {
  return text.trim() !== '' && !/[$<{]/.test(text);
}

/** No tag, or one that says itself that it moves. */
function isFloating(text: string): boolean {
  const last = text.slice(text.lastIndexOf('/') + 1);
  return !last.includes(':') || /:(?:latest|main|master|edge|nightly|stable|dev)$/.test(last);
}
