// SPDX-License-Identifier: Apache-2.0
// Flags of the admission commands.
import type { Flag } from './flag.ts';

export const admissionFlags = {
  policies: {
    type: 'list',
    value: 'PATH',
    group: 'input',
    summary: 'files or folders of policies that are in force; changes are taken up while the webhook runs',
  },
  'policies-from': {
    type: 'list',
    value: 'NAME',
    choices: ['cluster', 'admission-policies'],
    group: 'input',
    summary:
      'policies that are installed in the cluster too, with what they look up there: custom resources of Kyverno and Sigstore, or also the admission policies that the API server judges itself',
  },
  'exceptions-from': {
    type: 'list',
    value: 'NAMESPACE',
    group: 'input',
    summary:
      'namespaces from which installed exceptions (PolicyException) are taken, with --strict those of files as well; `*`: any; none when not given',
  },
  'image-policy-settings': {
    type: 'string',
    value: 'NAMESPACE',
    group: 'input',
    summary:
      "namespace of policy-controller's ConfigMap `config-policy-controller` (`no-match-policy`, `fail-on-empty-authorities`), which must then be there; cosign-system is looked into when not given, where image policies are installed",
  },
  'call-services': {
    type: 'list',
    value: 'HOST[:PORT]',
    group: 'input',
    summary:
      'services outside of the API server that policies may ask while a request waits (`apiCall.service`, `http.Get`, `http.Post`), by HTTPS; http://HOST[:PORT] for one without TLS; none when not given',
  },
  listen: {
    type: 'string',
    value: 'HOST:PORT',
    default: '127.0.0.1:8443',
    group: 'input',
    summary: 'where the webhook listens; in a container 0.0.0.0:8443',
  },
  'tls-certificate': {
    type: 'string',
    value: 'FILE',
    group: 'input',
    summary: 'serving certificate (PEM, with its chain); read again when it changes',
  },
  'tls-key': { type: 'string', value: 'FILE', group: 'input', summary: 'its private key (PEM)' },
  'service-name': {
    type: 'string',
    value: 'NAME',
    default: 'landwaiter-admission',
    group: 'input',
    summary: 'the service by which API servers reach the webhook',
  },
  'service-namespace': {
    type: 'string',
    value: 'NAME',
    default: 'landwaiter-system',
    group: 'input',
    summary: 'its namespace, which is never judged',
  },
  'exempt-namespace': {
    type: 'list',
    value: 'NAME',
    group: 'filter',
    summary: 'further namespaces that are never judged, beside kube-system, kube-public, kube-node-lease and its own',
  },
  mode: {
    type: 'string',
    value: 'NAME',
    choices: ['enforce', 'warn', 'audit'],
    default: 'enforce',
    group: 'filter',
    summary: 'what becomes of refusals: a rollout begins with audit, goes on with warn, and ends with enforce',
  },
  'mode-for': {
    type: 'list',
    value: 'POLICY[@NAMESPACE]=MODE',
    group: 'filter',
    summary: 'the same for one policy, or for one policy in one namespace; `*` stands for any policy',
  },
  'on-error': {
    type: 'string',
    value: 'NAME',
    choices: ['deny', 'allow'],
    default: 'deny',
    group: 'filter',
    summary: 'what becomes of a request that a policy cannot judge',
  },
  'judge-anew': {
    type: 'boolean',
    group: 'filter',
    summary:
      'ask all policies about each request, also those that passed an earlier one which they cannot tell from it',
  },
  'image-budget': {
    type: 'number',
    value: 'SECONDS',
    maximum: 30,
    group: 'filter',
    summary:
      'how long a review may wait for registries at most (less than what the API server waits counts in any case); what is open then cannot be judged',
  },
  'pull-secrets': {
    type: 'boolean',
    group: 'input',
    summary:
      'read the pull Secrets that a workload or its service account names from the cluster, for registries that ask who wants to know; needs the right to get them',
  },
  'decision-log': {
    type: 'string',
    value: 'FOLDER',
    group: 'output',
    summary: 'where decisions are kept, without secrets and bounded (64 MiB); `admission replay` reads them',
  },
  events: {
    type: 'boolean',
    group: 'output',
    summary:
      'tell in Events of the cluster what policies refuse and note, what they write and delete in the background, and which of them cannot come into force; bounded; needs the right to create and patch them',
  },
  since: {
    type: 'string',
    value: 'SPAN',
    group: 'filter',
    summary: 'of replay: only the decisions of the last days, hours or minutes: 7d, 12h, 30m',
  },
  running: {
    type: 'boolean',
    group: 'input',
    summary:
      'of replay: what is in the cluster now is judged too, as if it were created once more; policies look up there and in registries (as with --registry) what they ask for',
  },
  'failure-policy': {
    type: 'string',
    value: 'NAME',
    choices: ['fail', 'ignore'],
    default: 'fail',
    group: 'filter',
    summary: 'of the registration: what the API server does when the webhook does not answer',
  },
  'webhook-timeout': {
    type: 'number',
    value: 'SECONDS',
    group: 'filter',
    summary: 'of the registration: how long the API server waits (1 to 30; 10 when not given)',
  },
  'webhook-url': {
    type: 'string',
    value: 'URL',
    group: 'input',
    summary:
      'of the registration: where API servers reach a webhook outside of the cluster, in the place of the service',
  },
  act: {
    type: 'boolean',
    group: 'filter',
    summary:
      'the controller writes what policies generate and change in the background, and deletes what they clean up; otherwise it only tells',
  },
  'scan-every': {
    type: 'number',
    value: 'MINUTES',
    maximum: 1440,
    group: 'filter',
    summary:
      'how often the controller judges all that is in the cluster, besides what changes (60); 0: no scans, no reports',
  },
  'ca-bundle': {
    type: 'string',
    value: 'FILE',
    group: 'input',
    summary: 'of the registration: certificates (PEM) by which API servers know the webhook',
  },
  'certificate-folder': {
    type: 'string',
    value: 'FOLDER',
    group: 'output',
    summary: 'where admission certificate keeps ca.crt, ca.key, tls.crt and tls.key',
  },
  'certificate-secret': {
    type: 'string',
    value: 'NAME',
    group: 'output',
    summary: 'the Secret that admission certificate keeps them in; the key of the authority is in NAME-authority',
  },
} as const satisfies Readonly<Record<string, Flag>>;
