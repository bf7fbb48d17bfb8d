// SPDX-License-Identifier: Apache-2.0
// One rule of a Kyverno policy on one object, judged as Kyverno does (`parity`) and without its laxities (`strict`).
import type { JsonObject } from '../../src/formats/document.ts';
import type { AdmissionData } from '../../src/policy/admission-policy/params.ts';
import type { AdmissionRequest, Operation } from '../../src/policy/admission-policy/request.ts';
import { requestFor } from '../../src/policy/admission-policy/request.ts';
import type { DataProvider } from '../../src/policy/data-provider.ts';
import { noData } from '../../src/policy/data-provider.ts';
import type { CompiledEngine, CompileOptions } from '../../src/policy/engine.ts';
import { kyvernoPolicyEngine } from '../../src/policy/kyverno/policy-engine.ts';

const location = { path: 'p.yaml', line: 1, column: 1 };

/** An enforced policy with one rule on Pods, autogen off. `policy` goes over its members. */
export function policyOf(rule: JsonObject, policy: JsonObject = {}): JsonObject {
  const { metadata, spec, ...rest } = policy;
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: {
      name: 'p',
      annotations: { 'pod-policies.kyverno.io/autogen-controllers': 'none' },
      ...(metadata as JsonObject | undefined),
    },
    spec: {
      validationFailureAction: 'Enforce',
      ...(spec as JsonObject | undefined),
      rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, ...rule }],
    },
    ...rest,
  };
}

export function compiled(objects: readonly JsonObject[], options: Partial<CompileOptions> = {}): CompiledEngine {
  return kyvernoPolicyEngine.compile(
    objects.map((object) => ({ object, locate: () => location, locateValue: () => location })),
    { unbound: 'apply', ...options },
  );
}

export function podOf(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec };
}

export interface Asking {
  readonly operation?: Operation;
  readonly oldObject?: JsonObject;
  readonly provider?: Partial<DataProvider>;
  readonly authorize?: AdmissionData['authorize'];
  readonly request?: Partial<AdmissionRequest>;
}

/** `pass`, `fail`, `skip`, `error`, with the message; none when no rule says anything. */
export function verdictOf(
  engine: CompiledEngine,
  object: JsonObject,
  { operation = 'CREATE', oldObject, provider = {}, authorize, request = {} }: Asking = {},
): string {
  const plain = { objects: () => [], namespace: () => undefined };
  const cluster: AdmissionData = authorize === undefined ? plain : { ...plain, authorize };
  const asked = { ...requestFor(object, operation), ...(oldObject === undefined ? {} : { oldObject }), ...request };
  const { decisions } = engine.judge(asked, { cluster, provider: { ...noData, ...provider } });
  return decisions.map(({ outcome, message }) => `${outcome} ${message}`).join('\n') || 'none';
}
