// SPDX-License-Identifier: Apache-2.0

import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { proves, publishes } from '../release-steps.ts';

export const releaseWithoutProvenance = definePipelineCheck({
  id: 'release-without-provenance',
  title: 'What is released has neither signature nor provenance',
  aliases: [],
  severity: 'low',
  confidence: 'low',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: pipelineSystems,
  why: 'Nobody who fetches it can tell whether it came from this pipeline.',
  remediation:
    'Sign and attest it in the same pipeline (landwaiter sign, attest; actions/attest-build-provenance; cosign).',
  example: {
    path: '.gitlab-ci.yml',
    good: 'release:\n  script:\n    - docker push registry.example.com/shop/checkout:1\n    - cosign sign registry.example.com/shop/checkout:1\n',
    bad: 'release:\n  script:\n    - docker push registry.example.com/shop/checkout:1\n',
  },
  run: ({ jobs, kind, path }, { set }) => {
    if (
      kind === 'component' ||
      jobs.some((job) => job.steps.some(proves) || /slsa|attest|sign/i.test(job.calls?.name ?? ''))
    )
      return [];
    const [first] = jobs
      .filter(({ template }) => !template)
      .flatMap((job) => job.steps.filter(publishes).map((step) => ({ job, step })));
    const isProvedLater = set.pipelines.some(
      (other) => other.path !== path && other.jobs.some((job) => job.steps.some(proves)),
    );
    if (first === undefined || isProvedLater) return [];
    const { job, step } = first;
    return [
      {
        message: `job ${job.id} publishes, and no step signs or attests what it publishes`,
        locations: [step.script?.location ?? step.component?.location ?? step.location] as const,
        job: job.id,
        step: step.name ?? step.id ?? String(step.index),
      },
    ];
  },
});
