// SPDX-License-Identifier: Apache-2.0
// openreports.io/v1alpha1, which cluster dashboards read: a Report for each object of a namespace, a ClusterReport for others.
import { printKubernetesYaml } from '../formats/kubernetes-yaml/print.ts';
import { buildPolicyReports } from './policy-reports/build.ts';
import { defineReport } from './report.ts';

const openReportKind = {
  apiVersion: 'openreports.io/v1alpha1',
  kinds: { namespaced: 'Report', cluster: 'ClusterReport' },
  hasSource: true,
} as const;

export const openreports = defineReport({
  id: 'openreports',
  aliases: [],
  title: 'Reports of openreports.io, one for each object',
  extension: 'yaml',
  commands: ['policy'],
  write: ({ policyRun, createdAt }) =>
    printKubernetesYaml(policyRun === undefined ? [] : buildPolicyReports(policyRun, openReportKind, createdAt)),
});
