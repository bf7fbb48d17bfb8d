// SPDX-License-Identifier: Apache-2.0
// Commands that judge objects of a cluster by policies, at hand and at its door. Light: what they do is loaded when they run.
import type { CommandEntry } from '../command.ts';

export const policyCommands: readonly CommandEntry[] = [
  {
    name: 'policy',
    summary: 'judge objects by policies as a cluster would, and check the policies themselves',
    operands: 'apply | explain | lint | test | translate POLICIES...',
    description:
      'Takes ValidatingAdmissionPolicies and MutatingAdmissionPolicies with their bindings and params, policies of Kyverno with their exceptions, and Pod Security Standards by the labels of namespaces; one folder may mix dialects, and what nobody takes is told. A policy without any binding judges everything. Nothing is asked of a cluster: what was handed in, and --values, stand for it. `apply` also tells what the policies would change, make and delete. `test` runs kyverno-test.yaml files; `translate` writes ClusterPolicies as policies in CEL.',
    flags: [
      'resource',
      'known',
      'values',
      'set',
      'exception',
      'operation',
      'userinfo',
      'strict',
      'dialect',
      'registry',
      'key-transparency-log',
      'trusted-root',
      'insecure-registry',
      'fail-on',
      'exit-code',
      'format',
      'output',
      'show-suppressed',
    ],
    formats: 'policy',
    examples: [
      { command: 'landwaiter policy apply policies/ --resource manifests/', does: 'what would be refused, and why' },
      { command: 'kubectl get pods -A -o yaml | landwaiter policy apply policies/ -r -', does: 'what runs now' },
      { command: 'landwaiter policy explain policies/ -r pod.yaml', does: 'what decided, and what would pass' },
      {
        command: 'landwaiter policy apply policies/ -r manifests/ --values values.yaml --format openreports',
        does: 'with values for what is looked up, as reports for a cluster',
      },
      {
        command: 'landwaiter policy lint policies/',
        does: 'policies that could not be loaded, and where they let more through than they seem to',
      },
      { command: 'landwaiter policy test policies/', does: 'every kyverno-test.yaml below the folder' },
      {
        command: 'landwaiter policy translate policies/ > cel.yaml',
        does: 'ClusterPolicies as policies in CEL, and what cannot be carried over',
      },
    ],
    exits: {
      0: 'nothing would be refused',
      1: 'something at or over the threshold (--fail-on); for lint: errors, with --strict also places that let too much through; for test: a result that was not expected; for translate: a rule that cannot be carried over',
      2: 'wrong usage or configuration',
      3: 'a policy could not be loaded, or an object not read',
    },
    load: () => import('../commands/policy.ts'),
  },
  {
    name: 'admission',
    summary: 'judge what is sent to a cluster, as its admission webhook',
    operands: 'serve | webhooks | certificate | unregister | replay',
    description:
      'serve answers the API server over HTTPS: /mutate, /validate, /readyz, /livez, /metrics. Policies and certificates are taken up when their files change; policies that cannot be loaded leave the old ones in force. webhooks prints the registration for the installed policies. certificate makes and renews the certificates of the webhook, in a folder or in Secrets of the cluster, and tells the registrations; unregister takes the registrations away. replay says what policies would have refused among the decisions that serve kept.',
    flags: [
      'policies',
      'listen',
      'tls-certificate',
      'tls-key',
      'service-name',
      'service-namespace',
      'exempt-namespace',
      'mode',
      'mode-for',
      'on-error',
      'decision-log',
      'failure-policy',
      'webhook-timeout',
      'ca-bundle',
      'certificate-folder',
      'certificate-secret',
      'format',
      'output',
    ],
    examples: [
      { command: 'landwaiter admission serve --policies policies/ --mode audit', does: 'try it out on this machine' },
      {
        command: 'landwaiter admission webhooks --policies policies/ --ca-bundle ca.crt | kubectl apply -f -',
        does: 'tell the cluster of it',
      },
      {
        command: 'landwaiter admission replay --policies next/ --decision-log decisions/',
        does: 'what other policies would have refused',
      },
    ],
    exits: {
      0: 'ended as asked; replay: nothing more would be refused',
      1: 'replay: something would be refused that was admitted',
      2: 'wrong usage, or policies that cannot be loaded',
      3: 'something failed',
    },
    load: () => import('../commands/admission.ts'),
  },
];
