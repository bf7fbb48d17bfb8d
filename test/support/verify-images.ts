// SPDX-License-Identifier: Apache-2.0
// Kyverno's verifyImages rules on a Pod, with an image of a test registry, the way `policy apply --registry` judges it.

import { applyPoliciesAsking } from '../../src/apps/policy/apply.ts';
import { knownObjectsProvider } from '../../src/apps/policy/known-objects.ts';
import type { ImageLookups } from '../../src/apps/signatures/image-lookups.ts';
import { imageLookups } from '../../src/apps/signatures/image-lookups.ts';
import type { JsonObject } from '../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../src/formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../src/formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../src/formats/kubernetes-yaml/resources.ts';
import { registryStore } from '../../src/io/registry/client.ts';
import type { DataProvider } from '../../src/policy/data-provider.ts';
import type { CompileOptions } from '../../src/policy/engine.ts';
import { kyvernoPolicyEngine } from '../../src/policy/kyverno/policy-engine.ts';
import type { PolicySet } from '../../src/policy/policy-set.ts';
import { compilePolicySet } from '../../src/policy/policy-set.ts';
import { testClient } from './registry/client.ts';
import type { TestRegistry } from './registry/test-registry.ts';
import { worldRoot } from './signing/image-proofs.ts';
import { now } from './signing/sigstore.ts';

export function documents(text: string): readonly KubernetesResource[] {
  return resourcesOf(parseKubernetesYaml(text, 'policy.yaml')).resources;
}

/** A ClusterPolicy that enforces one rule; `entry` is the content of its one verifyImages entry, as JSON. */
export function imagePolicy(entry: JsonObject, more: JsonObject = {}, rule: JsonObject = {}): JsonObject {
  const { metadata, spec, ...rest } = more;
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'images', ...(metadata as JsonObject | undefined) },
    spec: {
      validationFailureAction: 'Enforce',
      ...(spec as JsonObject | undefined),
      rules: [
        {
          name: 'signed',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          verifyImages: [{ imageReferences: ['*'], ...entry }],
          ...rule,
        },
      ],
    },
    ...rest,
  };
}

export function setOf(objects: readonly JsonObject[], options: Partial<CompileOptions> = {}): PolicySet {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  return compilePolicySet(documents(text), [kyvernoPolicyEngine], { unbound: 'apply', ...options });
}

/** Policies as somebody wrote them. */
export function fromText(text: string): PolicySet {
  return compilePolicySet(documents(text), [kyvernoPolicyEngine], { unbound: 'apply' });
}

export function podWith(...images: readonly string[]): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
  };
}

/** Registries whose names are nobody's lead to the test registry. */
export function lookupsOf(registry: TestRegistry, environment: Readonly<Record<string, string>> = {}): ImageLookups {
  const client = testClient();
  return imageLookups({
    keys: { cwd: '/', environment, fetch },
    defaultRoot: worldRoot,
    time: now,
    openStore: (reference) => registryStore(client, { ...reference, registry: registry.host }),
  });
}

export interface Judged {
  /** `pass`, `fail`, `error` or `skip`, and what was said, for each decision. */
  readonly lines: readonly string[];
  readonly images: readonly string[];
}

/** Judges one object by policies; `known` are objects that policies may look up. */
export async function judge(
  registry: TestRegistry,
  set: PolicySet,
  object: JsonObject,
  known: readonly JsonObject[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Judged> {
  const resources = documents(JSON.stringify(object));
  const objects: DataProvider = knownObjectsProvider({ objects: () => known, knowledge: 'complete' });
  const { decisions, changed } = await applyPoliciesAsking(set, resources, {
    operation: 'CREATE',
    known: [],
    subject: 's',
    evidence: [],
    provider: { ...objects, ...lookupsOf(registry, environment) },
  });
  const after = (changed[0]?.object ?? object) as {
    readonly spec?: { readonly containers?: readonly { readonly image: string }[] };
  };
  return {
    lines: decisions.map(({ outcome, message }) => `${outcome} ${message}`),
    images: (after.spec?.containers ?? []).map(({ image }) => image),
  };
}
