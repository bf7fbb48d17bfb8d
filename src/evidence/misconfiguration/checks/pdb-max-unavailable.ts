// SPDX-License-Identifier: Apache-2.0

import { disruptionBudget } from '../example-manifests.ts';
import { budgetMaxUnavailableTemplate } from '../kube-linter/budget-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const pdbMaxUnavailable = defineManifestCheck({
  id: 'pdb-max-unavailable',
  title: 'A disruption budget allows no disruption',
  aliases: ['kube-linter/pdb-max-unavailable'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'Nodes cannot be drained, so they are not patched.',
  remediation: 'Set maxUnavailable to 1 or more',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: disruptionBudget('maxUnavailable: 1'),
    bad: disruptionBudget('maxUnavailable: 0'),
  },
  kinds: ['PodDisruptionBudget'],
  run: builtIn(budgetMaxUnavailableTemplate, 'pdb-max-unavailable'),
});
