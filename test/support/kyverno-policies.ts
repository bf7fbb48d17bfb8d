// SPDX-License-Identifier: Apache-2.0
// Policies of Kyverno that several tests use.

/** Pods need a label `team` that is in the list of the ConfigMap `teams`, which has to be looked up. */
export const teamsPolicy = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: teams}
spec:
  validationFailureAction: Enforce
  rules:
  - name: known
    match: {any: [{resources: {kinds: [Pod]}}]}
    context: [{name: teams, configMap: {name: teams, namespace: default}}]
    validate:
      message: no such team
      deny: {conditions: {any: [{key: "{{ request.object.metadata.labels.team }}", operator: AnyNotIn, value: "{{ teams.data.list }}"}]}}
`;
