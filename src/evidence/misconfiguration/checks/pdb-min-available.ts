// SPDX-License-Identifier: Apache-2.0

import { deployment, disruptionBudget, manifests } from '../example-manifests.ts';
import { budgetMinAvailableTemplate } from '../kube-linter/budget-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const pdbMinAvailable = defineManifestCheck({
  id: 'pdb-min-available',
  title: 'A disruption budget wants all replicas',
  aliases: ['kube-linter/pdb-min-available'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'low',
  why: 'Nodes cannot be drained, so they are not patched.',
  remediation: 'Set minAvailable below the number of replicas',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: manifests(deployment(), disruptionBudget('minAvailable: 2')),
    bad: manifests(deployment(), disruptionBudget('minAvailable: 3')),
  },
  kinds: ['PodDisruptionBudget'],
  run: builtIn(budgetMinAvailableTemplate, 'pdb-min-available'),
});
