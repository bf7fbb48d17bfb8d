// SPDX-License-Identifier: Apache-2.0
// wgpolicyk8s.io/v1alpha2, what openreports.io comes from and many clusters still have: PolicyReport and ClusterPolicyReport.
import { printKubernetesYaml } from '../formats/kubernetes-yaml/print.ts';
import { buildPolicyReports } from './policy-reports/build.ts';
import { defineReport } from './report.ts';

const policyReportKind = {
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kinds: { namespaced: 'PolicyReport', cluster: 'ClusterPolicyReport' },
  hasSource: false,
} as const;

export const policyReport = defineReport({
  id: 'policy-report',
  aliases: ['wgpolicyk8s'],
  title: 'Policy reports of wgpolicyk8s.io, one for each object',
  extension: 'yaml',
  commands: ['policy'],
  write: ({ policyRun, createdAt }) =>
    printKubernetesYaml(policyRun === undefined ? [] : buildPolicyReports(policyRun, policyReportKind, createdAt)),
});
