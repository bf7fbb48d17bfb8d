// SPDX-License-Identifier: Apache-2.0
// The objects that policies change, make, or change elsewhere, as they would be after: for a look, or for `kubectl apply -f -`.
import { printKubernetesYaml } from '../formats/kubernetes-yaml/print.ts';
import { defineReport } from './report.ts';

export const plannedObjects = defineReport({
  id: 'objects',
  aliases: [],
  title: 'Objects as policies change and make them, as YAML',
  extension: 'yaml',
  commands: ['policy'],
  write: ({ policyRun }) =>
    printKubernetesYaml([
      ...(policyRun?.changes ?? []).map(({ after }) => after),
      ...(policyRun?.writes ?? []).map(({ after }) => after),
    ]),
});
