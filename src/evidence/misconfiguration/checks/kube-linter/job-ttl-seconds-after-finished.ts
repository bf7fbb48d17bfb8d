// SPDX-License-Identifier: Apache-2.0
import { plainKinds } from '../../kube-linter/object-kinds.ts';
import { builtIn } from '../../kube-linter/template.ts';
import { jobLifetimeTemplate } from '../../kube-linter/workload-templates.ts';
import { defineManifestCheck } from '../../manifest-check.ts';

export const kubeLinterJobTtlSecondsAfterFinished = defineManifestCheck({
  id: 'kube-linter-job-ttl-seconds-after-finished',
  title: 'Finished Jobs stay, or are removed by two rules',
  aliases: ['kube-linter/job-ttl-seconds-after-finished'],
  profiles: ['kube-linter'],
  severity: 'low',
  why: 'Jobs that nobody removes fill the API server, and two rules for the same hide which one works.',
  remediation: 'Set ttlSecondsAfterFinished on a Job of its own, and leave it out of the template of a CronJob',
  urls: [],
  example: {
    good: `apiVersion: batch/v1
kind: Job
metadata: { name: web, namespace: shop }
spec:
  ttlSecondsAfterFinished: 600
  template:
    spec: { restartPolicy: Never, containers: [{ name: task, image: "registry.example.com/shop/task:1" }] }
`,
    bad: `apiVersion: batch/v1
kind: Job
metadata: { name: web, namespace: shop }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: task, image: "registry.example.com/shop/task:1" }] }
`,
  },
  kinds: plainKinds(['JobLike']),
  run: builtIn(jobLifetimeTemplate, 'kube-linter-job-ttl-seconds-after-finished'),
});
