// SPDX-License-Identifier: Apache-2.0
// The fields of an ImageValidatingPolicy (github.com/kyverno/api, policies.kyverno.io v1alpha1, v1beta1 and v1, which are the same but for what came
// later), so that a slip in a field that makes signatures count is told and not passed over.
import type { Shape } from '../shape.ts';
import { texts } from '../shape.ts';

const named: Shape = { members: { name: 'text', expression: 'text' }, required: ['name', 'expression'] };
const textOrExpression: Shape = { members: { value: 'text', expression: 'text' } };
const enabled: Shape = { members: { enabled: 'boolean' } };
const references: Shape = { list: { members: { name: 'text' } } };

const cosign: Shape = {
  members: {
    key: {
      members: {
        data: 'text',
        kms: 'text',
        hashAlgorithm: 'text',
        expression: 'text',
        // Of the documentation; kinds before v1beta1 had it.
        secretRef: { members: { name: 'text', namespace: 'text' }, required: ['name', 'namespace'] },
      },
    },
    keyless: {
      members: {
        identities: {
          list: { members: { issuer: 'text', subject: 'text', issuerRegExp: 'text', subjectRegExp: 'text' } },
        },
        roots: 'text',
        trustedRoot: textOrExpression,
      },
      required: ['identities'],
    },
    certificate: { members: { cert: textOrExpression, certChain: textOrExpression } },
    source: {
      members: {
        repository: 'text',
        tagPrefix: 'text',
        PullSecrets: references,
        pullSecrets: references,
        signaturePullSecrets: references,
      },
    },
    ctlog: {
      members: {
        url: 'text',
        rekorPubKey: 'text',
        ctLogPubKey: 'text',
        tsaCertChain: 'text',
        insecureIgnoreTlog: 'boolean',
        insecureIgnoreSCT: 'boolean',
      },
    },
    tuf: { members: { mirror: 'text', root: { members: { path: 'text', data: 'text' } } } },
    trustedRoot: textOrExpression,
    annotations: { map: 'text' },
  },
};

export const imageValidatingShape: Shape = {
  members: {
    matchConstraints: 'any',
    failurePolicy: { oneOf: ['Fail', 'Ignore'] },
    auditAnnotations: {
      list: { members: { key: 'text', valueExpression: 'text' }, required: ['key', 'valueExpression'] },
    },
    validationActions: { list: { oneOf: ['Deny', 'Audit', 'Warn'] } },
    matchConditions: { list: named },
    variables: { list: named },
    validationConfigurations: {
      members: { mutateDigest: 'boolean', verifyDigest: 'boolean', required: 'boolean' },
    },
    matchImageReferences: { list: { members: { glob: 'text', expression: 'text' } } },
    credentials: {
      members: {
        allowInsecureRegistry: 'boolean',
        providers: { list: { oneOf: ['default', 'amazon', 'azure', 'google', 'github'] } },
        secrets: texts,
      },
    },
    images: { list: named },
    attestors: {
      list: {
        members: {
          name: 'text',
          cosign,
          notary: { members: { certs: textOrExpression, tsaCerts: textOrExpression }, required: ['certs'] },
        },
        required: ['name'],
      },
    },
    attestations: {
      list: {
        members: {
          name: 'text',
          intoto: { members: { type: 'text' }, required: ['type'] },
          referrer: { members: { type: 'text' }, required: ['type'] },
        },
        required: ['name'],
      },
    },
    validations: {
      list: {
        members: { expression: 'text', message: 'text', messageExpression: 'text', reason: 'text' },
        required: ['expression'],
      },
    },
    webhookConfiguration: { members: { timeoutSeconds: 'integer' } },
    evaluation: {
      members: { mode: { oneOf: ['Kubernetes', 'JSON'] }, admission: enabled, background: enabled },
    },
    autogen: { members: { podControllers: { members: { controllers: texts } } } },
  },
  required: ['attestors', 'validations'],
};
