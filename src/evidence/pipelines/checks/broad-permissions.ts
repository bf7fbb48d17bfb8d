// SPDX-License-Identifier: Apache-2.0

import type { PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';
import { insertionBefore } from '../text-fixes.ts';

export const broadPermissions = definePipelineCheck({
  id: 'broad-permissions',
  title: 'The token may do more than the job needs',
  aliases: [],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'least-privilege',
  systems: ['github-actions'],
  why: 'Everything that runs in the job, also a dependency of a build tool, can use the token.',
  remediation: 'Set `permissions: {}` for the workflow and give each job what it needs.',
  example: {
    path: '.github/workflows/build.yml',
    good: 'on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
    bad: 'on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
  },
  run: (pipeline, { textAt }) => {
    if (pipeline.kind === 'component') return [];
    const { permissions, jobs, location, path } = pipeline;
    const faults: PipelineFault[] = [];
    if (permissions?.rest === 'write')
      faults.push({
        message: 'the workflow gives its jobs write access to everything',
        locations: [permissions.location],
        severity: 'high',
      });
    for (const job of jobs) {
      if (job.permissions?.rest === 'write')
        faults.push({
          message: `job ${job.id} has write access to everything`,
          locations: [job.permissions.location],
          job: job.id,
          severity: 'high',
        });
    }
    const without = jobs.filter((job) => job.permissions === undefined && job.calls === undefined);
    if (permissions === undefined && without.length > 0) {
      const fix = insertionBefore(textAt(path), {
        path,
        key: 'jobs',
        text: 'permissions:\n  contents: read\n\n',
        title: 'Give the token read access to the sources only',
      });
      faults.push({
        message: `no permissions are set for ${without.length === jobs.length ? 'the workflow' : without.map(({ id }) => id).join(', ')}; the token has those of the repository settings`,
        locations: [location],
        ...(fix === undefined ? {} : { fix }),
      });
    }
    return faults;
  },
});
