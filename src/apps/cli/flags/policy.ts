// SPDX-License-Identifier: Apache-2.0
// Flags of the policy commands.
import type { Flag } from './flag.ts';

export const policyFlags = {
  resource: {
    type: 'list',
    short: 'r',
    value: 'PATH',
    group: 'input',
    summary:
      'files or folders of objects that are judged, `-` for standard input; without it what no engine takes among the operands is judged',
    aliases: ['resources'],
    configurable: false,
  },
  known: {
    type: 'list',
    value: 'PATH',
    group: 'input',
    summary:
      'files or folders of objects that policies may look up and that are not judged: namespaces, params, ConfigMaps',
    configurable: false,
  },
  values: {
    type: 'string',
    value: 'FILE',
    group: 'input',
    summary:
      "a values file of Kyverno's command line: what stands in for variables, contexts of rules, labels of namespaces and subresources",
    aliases: ['values-file'],
    configurable: false,
  },
  set: {
    type: 'list',
    short: 's',
    value: 'NAME=VALUE[,NAME=VALUE]',
    group: 'input',
    summary:
      'one such value for every policy and object, before those of the file: request.object.metadata.namespace=shop',
    configurable: false,
  },
  exception: {
    type: 'list',
    short: 'e',
    value: 'PATH',
    group: 'input',
    summary: 'files or folders of exceptions that count; those among the policies count without it',
    aliases: ['exceptions'],
    configurable: false,
  },
  'test-case-selector': {
    type: 'list',
    short: 't',
    value: 'policy=NAME,rule=NAME,resource=NAME',
    group: 'filter',
    summary: 'test: only expected results of these names, which may have wildcards; each further selector chooses more',
    configurable: false,
  },
  strict: {
    type: 'boolean',
    group: 'filter',
    summary:
      'close the places where policies let more through than they seem to say, instead of deciding as the program they were written for does; lint: such places are errors; admission: for serve, control, replay and webhooks alike',
  },
  registry: {
    type: 'boolean',
    group: 'input',
    summary:
      'ask registries for the signatures that image policies demand; without it those policies end with "could not look"',
  },
  'key-transparency-log': {
    type: 'string',
    value: 'WORD',
    choices: ['required', 'not-asked'],
    default: 'required',
    group: 'input',
    summary:
      'whether a signature by a key needs an entry of a transparency log where a Kyverno policy says nothing of it; the annotation landwaiter.dev/require-transparency-log of a policy goes before',
  },
  policy: {
    type: 'list',
    value: 'PATH',
    group: 'signature',
    summary:
      'files or folders with ClusterImagePolicies that say who must have signed, and the TrustRoots and Secrets that they name',
    configurable: false,
  },
  userinfo: {
    type: 'string',
    short: 'u',
    value: 'FILE',
    group: 'input',
    summary: 'who asks: a UserInfo document of Kyverno with userInfo, roles and clusterRoles',
    configurable: false,
  },
  dialect: {
    type: 'string',
    value: 'NAME',
    choices: ['kyverno', 'kubernetes'],
    default: 'kyverno',
    group: 'output',
    summary:
      'what ClusterPolicies are translated to: the CEL kinds of Kyverno, or the admission policies that Kubernetes has itself',
    configurable: false,
  },
  operation: {
    type: 'string',
    value: 'NAME',
    choices: ['CREATE', 'UPDATE', 'DELETE'],
    default: 'CREATE',
    group: 'input',
    summary: 'what would be done with the objects',
    configurable: false,
  },
} as const satisfies Readonly<Record<string, Flag>>;
