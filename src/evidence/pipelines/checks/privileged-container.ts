// SPDX-License-Identifier: Apache-2.0

import { pipelineSystems } from '../pipeline.ts';
import type { PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const privilegedContainer = definePipelineCheck({
  id: 'privileged-container',
  title: 'A job has the rights of the machine it runs on',
  aliases: [],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'ephemeral-environments',
  systems: pipelineSystems,
  why: 'A privileged container or the socket of the container engine lets a job leave its container, to other jobs and to the machine.',
  remediation: 'Build images without privileges (buildah, BuildKit rootless), or on machines that are thrown away.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'build:\n  image: quay.io/buildah/stable@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n  script: [buildah build .]\n',
    bad: 'build:\n  image: docker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n  services: ["docker:dind"]\n  script: [docker build .]\n',
  },
  run: ({ jobs }) =>
    jobs.flatMap((job) => {
      const faults: PipelineFault[] = [];
      for (const image of job.images) {
        if (image.privileged === true)
          faults.push({
            message: `${image.text} is run with the rights of the machine`,
            locations: [image.location],
            job: job.id,
          });
        else if (/(?:^|\/)docker:(?:[\w.-]{1,60}-)?dind(?:[-@][\w.:-]{1,100})?$/.test(image.text))
          faults.push({ message: `${image.text} needs a privileged runner`, locations: [image.location], job: job.id });
      }
      for (const { script, name, id, index } of job.steps) {
        if (
          script === undefined ||
          !/\bdocker (?:container )?run [^\n]{0,400}(?:--privileged\b|docker\.sock)/.test(script.text.slice(0, 100_000))
        )
          continue;
        faults.push({
          message: 'docker run is given the rights of the machine',
          locations: [script.location],
          job: job.id,
          step: name ?? id ?? String(index),
        });
      }
      return faults;
    }),
});
