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
  'decision-log': {
    type: 'string',
    value: 'FOLDER',
    group: 'output',
    summary: 'where decisions are kept, without secrets and bounded (64 MiB); `admission replay` reads them',
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
