// SPDX-License-Identifier: Apache-2.0

import { autoscaler, deployment, disruptionBudget, manifests } from '../example-manifests.ts';
import { defineManifestCheck } from '../manifest-check.ts';
import { budgetOverScaler } from '../polaris/budget.ts';

export const budgetAboveAutoscaler = defineManifestCheck({
  id: 'budget-above-autoscaler',
  title: 'A disruption budget wants more Pods than the autoscaler keeps',
  aliases: ['polaris/pdbMinAvailableGreaterThanHPAMinReplicas'],
  profiles: ['landwaiter', 'polaris'],
  severity: 'medium',
  why: 'When the load is low no Pod may go, so nodes cannot be drained.',
  remediation: 'Set minAvailable below minReplicas of the autoscaler',
  urls: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  example: {
    good: manifests(deployment(), autoscaler(), disruptionBudget('minAvailable: 2')),
    bad: manifests(deployment(), autoscaler(), disruptionBudget('minAvailable: 4')),
  },
  kinds: ['Deployment'],
  run: budgetOverScaler,
});
