// SPDX-License-Identifier: Apache-2.0
import { privilegedConstraintsTemplate } from '../kube-linter/object-templates.ts';
import { builtIn } from '../kube-linter/template.ts';
import { defineManifestCheck } from '../manifest-check.ts';

export const sccDenyPrivilegedContainer = defineManifestCheck({
  id: 'scc-deny-privileged-container',
  title: 'SecurityContextConstraints allow privileged containers',
  aliases: ['kube-linter/scc-deny-privileged-container'],
  profiles: ['landwaiter', 'kube-linter'],
  severity: 'high',
  why: 'Whoever may use the constraints can become root on a node.',
  remediation: 'Set allowPrivilegedContainer to false and allow single capabilities instead',
  urls: [],
  example: {
    good: `apiVersion: security.openshift.io/v1
kind: SecurityContextConstraints
metadata: { name: web }
allowPrivilegedContainer: false
`,
    bad: `apiVersion: security.openshift.io/v1
kind: SecurityContextConstraints
metadata: { name: web }
allowPrivilegedContainer: true
`,
  },
  kinds: ['SecurityContextConstraints'],
  run: builtIn(privilegedConstraintsTemplate, 'scc-deny-privileged-container', { allowPrivilegedContainer: true }),
});
