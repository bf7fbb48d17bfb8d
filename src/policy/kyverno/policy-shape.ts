// SPDX-License-Identifier: Apache-2.0
// The form of ClusterPolicy and Policy (kyverno.io/v1 and v2beta1), as far as the schema of their CRD is strict. What the rules mean is elsewhere.
import type { Shape } from './shape.ts';
import { texts } from './shape.ts';

const action: Shape = { oneOf: ['Audit', 'Enforce', 'audit', 'enforce'] };

const labelSelector: Shape = {
  members: {
    matchLabels: { map: 'text' },
    matchExpressions: { list: { members: { key: 'text', operator: 'text', values: texts } } },
  },
};

const resources: Shape = {
  members: {
    kinds: texts,
    name: 'text',
    names: texts,
    namespaces: texts,
    annotations: { map: 'text' },
    selector: labelSelector,
    namespaceSelector: labelSelector,
    operations: { list: { oneOf: ['CREATE', 'CONNECT', 'UPDATE', 'DELETE'] } },
  },
};

const filter = {
  resources,
  roles: texts,
  clusterRoles: texts,
  subjects: { list: { members: { kind: 'text', name: 'text', namespace: 'text', apiGroup: 'text' } } },
} as const satisfies Readonly<Record<string, Shape>>;

export const matchShape: Shape = {
  members: { ...filter, any: { list: { members: filter } }, all: { list: { members: filter } } },
};

const apiCall = {
  urlPath: 'text',
  method: { oneOf: ['GET', 'POST'] },
  data: { list: { members: { key: 'text', value: 'any' } } },
  service: {
    members: { url: 'text', caBundle: 'text', headers: { list: { members: { key: 'text', value: 'text' } } } },
  },
  default: 'any',
  jmesPath: 'text',
} as const satisfies Readonly<Record<string, Shape>>;

const credentials: Shape = {
  members: { allowInsecureRegistry: 'boolean', providers: texts, secrets: texts },
};

const context: Shape = {
  list: {
    members: {
      name: 'text',
      configMap: { members: { name: 'text', namespace: 'text' }, required: ['name'] },
      apiCall: { members: apiCall },
      imageRegistry: { members: { reference: 'text', jmesPath: 'text', imageRegistryCredentials: credentials } },
      variable: { members: { value: 'any', jmesPath: 'text', default: 'any' } },
      globalReference: { members: { name: 'text', jmesPath: 'text' } },
    },
    required: ['name'],
  },
};

const overrides: Shape = {
  list: { members: { action, namespaces: texts, namespaceSelector: labelSelector } },
};

const celMatchConditions: Shape = { list: { members: { name: 'text', expression: 'text' } } };

const podSecurity: Shape = {
  members: {
    level: { oneOf: ['privileged', 'baseline', 'restricted'] },
    version: 'text',
    exclude: {
      list: { members: { controlName: 'text', images: texts, restrictedField: 'text', values: texts } },
    },
  },
};

const validateLoop: Shape = {
  list: {
    members: {
      list: 'text',
      elementScope: 'boolean',
      context,
      preconditions: 'any',
      pattern: 'any',
      anyPattern: 'any',
      deny: { members: { conditions: 'any' } },
      foreach: 'any',
    },
  },
};

const rekor: Shape = { members: { url: 'text', pubkey: 'text', ignoreTlog: 'boolean' } };
const ctlog: Shape = { members: { ignoreSCT: 'boolean', pubkey: 'text', tsaCertChain: 'text' } };

const attestors: Shape = {
  list: {
    members: {
      count: 'integer',
      entries: {
        list: {
          members: {
            keys: {
              members: {
                publicKeys: 'text',
                secret: { members: { name: 'text', namespace: 'text' }, required: ['name', 'namespace'] },
                kms: 'text',
                signatureAlgorithm: 'text',
                rekor,
                ctlog,
              },
            },
            certificates: { members: { cert: 'text', certChain: 'text', rekor, ctlog } },
            keyless: {
              members: {
                issuer: 'text',
                issuerRegExp: 'text',
                subject: 'text',
                subjectRegExp: 'text',
                roots: 'text',
                additionalExtensions: { map: 'text' },
                rekor,
                ctlog,
              },
            },
            attestor: 'any',
            annotations: { map: 'text' },
            repository: 'text',
            signatureAlgorithm: 'text',
          },
        },
      },
    },
  },
};

const objectReference = {
  group: 'text',
  version: 'text',
  kind: 'text',
  name: 'text',
  namespace: 'text',
} as const satisfies Readonly<Record<string, Shape>>;

const validate: Shape = {
  members: {
    message: 'text',
    failureAction: action,
    failureActionOverrides: overrides,
    allowExistingViolations: 'boolean',
    pattern: 'any',
    anyPattern: 'any',
    deny: { members: { conditions: 'any' } },
    foreach: validateLoop,
    podSecurity,
    cel: {
      members: {
        expressions: {
          list: { members: { expression: 'text', message: 'text', messageExpression: 'text', reason: 'text' } },
        },
        variables: { list: { members: { name: 'text', expression: 'text' } } },
        auditAnnotations: 'any',
        paramKind: { members: { apiVersion: 'text', kind: 'text' } },
        paramRef: 'any',
        generate: 'boolean',
      },
    },
    manifests: {
      members: {
        attestors,
        annotationDomain: 'text',
        ignoreFields: { list: { members: { fields: texts, objects: { list: { members: objectReference } } } } },
        dryRun: { members: { enable: 'boolean', namespace: 'text' } },
        repository: 'text',
      },
      required: ['attestors'],
    },
    assert: 'any',
  },
};

const mutateLoop: Shape = {
  list: {
    members: {
      list: 'text',
      order: { oneOf: ['Ascending', 'Descending'] },
      context,
      preconditions: 'any',
      patchStrategicMerge: 'any',
      patchesJson6902: 'text',
      foreach: 'any',
    },
  },
};

const mutate: Shape = {
  members: {
    targets: 'any',
    mutateExistingOnPolicyUpdate: 'boolean',
    patchStrategicMerge: 'any',
    patchesJson6902: 'text',
    foreach: mutateLoop,
  },
};

const generated = {
  apiVersion: 'text',
  kind: 'text',
  name: 'text',
  namespace: 'text',
  uid: 'text',
  data: 'any',
  clone: { members: { name: 'text', namespace: 'text' } },
  cloneList: { members: { namespace: 'text', kinds: texts, selector: labelSelector } },
} as const satisfies Readonly<Record<string, Shape>>;

const generate: Shape = {
  members: {
    ...generated,
    synchronize: 'boolean',
    generateExisting: 'boolean',
    orphanDownstreamOnPolicyDelete: 'boolean',
    foreach: { list: { members: { ...generated, list: 'text', context, preconditions: 'any' } } },
  },
};

const imageVerification = {
  type: { oneOf: ['Cosign', 'SigstoreBundle', 'Notary'] },
  image: 'text',
  key: 'text',
  roots: 'text',
  subject: 'text',
  issuer: 'text',
  annotations: { map: 'text' },
  additionalExtensions: { map: 'text' },
  imageReferences: texts,
  skipImageReferences: texts,
  attestors,
  attestations: {
    list: {
      members: { name: 'text', type: 'text', predicateType: 'text', attestors, conditions: 'any' },
    },
  },
  repository: 'text',
  mutateDigest: 'boolean',
  verifyDigest: 'boolean',
  required: 'boolean',
  useCache: 'boolean',
  cosignOCI11: 'boolean',
  failureAction: action,
  imageRegistryCredentials: credentials,
  validate: { members: { message: 'text', deny: { members: { conditions: 'any' } } } },
} as const satisfies Readonly<Record<string, Shape>>;

const rule: Shape = {
  members: {
    name: 'text',
    context,
    match: matchShape,
    exclude: matchShape,
    preconditions: 'any',
    celPreconditions: celMatchConditions,
    imageExtractors: 'any',
    reportProperties: { map: 'text' },
    skipBackgroundRequests: 'boolean',
    validate,
    mutate,
    generate,
    verifyImages: { list: { members: imageVerification } },
  },
  required: ['name'],
};

export const specShape: Shape = {
  members: {
    rules: { list: rule },
    applyRules: { oneOf: ['All', 'One'] },
    failurePolicy: { oneOf: ['Ignore', 'Fail'] },
    validationFailureAction: action,
    validationFailureActionOverrides: overrides,
    emitWarning: 'boolean',
    admission: 'boolean',
    background: 'boolean',
    schemaValidation: 'boolean',
    webhookTimeoutSeconds: 'integer',
    mutateExistingOnPolicyUpdate: 'boolean',
    generateExistingOnPolicyUpdate: 'boolean',
    generateExisting: 'boolean',
    useServerSideApply: 'boolean',
    webhookConfiguration: {
      members: {
        failurePolicy: { oneOf: ['Ignore', 'Fail'] },
        timeoutSeconds: 'integer',
        matchConditions: celMatchConditions,
      },
    },
  },
};
