// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { clusterPolicy, exceptions, podWith, policy } from '../../../../test/support/installed-policies.ts';
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { KubeResource } from '../../../io/kube/client.ts';
import { requestFor } from '../../../policy/admission-policy/request.ts';
import { noData } from '../../../policy/data-provider.ts';
import type { EngineDocument } from '../../../policy/engine.ts';
import { dataOf } from '../../policy/apply.ts';
import type { Compilation } from './policy-compilation.ts';
import { PolicyCompilation } from './policy-compilation.ts';
import type { InstalledPolicy } from './policy-watches.ts';

const team = policy('team', 'team', {
  validate: {
    message: 'one of the teams',
    deny: {
      conditions: {
        any: [{ key: '{{ request.object.metadata.labels.team }}', operator: 'AnyNotIn', value: ['blue'] }],
      },
    },
  },
}) as JsonObject;
const exception: JsonObject = {
  apiVersion: 'kyverno.io/v2',
  kind: 'PolicyException',
  metadata: { name: 'e', namespace: 'shop' },
  spec: {
    exceptions: [{ policyName: 'team', ruleNames: ['label'] }],
    match: { any: [{ resources: { kinds: ['Pod'] } }] },
  },
};

function installed(object: JsonObject, resource: KubeResource): InstalledPolicy {
  const { kind } = resource;
  const group = 'kyverno.io';
  return {
    key: `${group}/${kind}/${String(asObject(object['metadata'])?.['name'])}`,
    object,
    text: JSON.stringify(object),
    generation: 1,
    conditions: [],
    from: {
      kind: { group, kind, versions: [], origin: 'cluster', conditions: undefined },
      resource,
      hasStatus: false,
    },
  };
}

const filed = (object: JsonObject): EngineDocument => {
  const location = { path: 'policies/e.yaml' };
  return { object, locate: () => location, locateValue: () => location };
};

interface Input {
  readonly hardening?: 'parity' | 'strict';
  readonly namespaces?: readonly string[];
  readonly files?: readonly JsonObject[];
  readonly others?: readonly InstalledPolicy[];
}

function compile({ hardening = 'parity', namespaces = [], files = [], others = [] }: Input): Compilation {
  return new PolicyCompilation().compile({
    files: files.map(filed),
    installed: [installed(team, clusterPolicy), ...others],
    exceptionNamespaces: new Set(namespaces),
    options: { hardening },
  });
}

/** Whether the policy refuses a Pod of the team. */
function refuses(name: string, { set }: Compilation): boolean {
  const pod = podWith('team');
  const labelled = { ...pod, metadata: { ...asObject(pod['metadata']), labels: { team: name } } };
  return set
    .judge(requestFor(labelled), { ...dataOf([]), provider: noData })
    .decisions.some(({ outcome }) => outcome === 'fail');
}

describe('policies of a cluster with strict hardening', () => {
  it('let nobody past a list who writes a wildcard into the object, as Kyverno does', () => {
    expect(refuses('*', compile({}))).toBe(false);
    expect(refuses('*', compile({ hardening: 'strict' }))).toBe(true);
    expect(refuses('blue', compile({ hardening: 'strict' }))).toBe(false);
  });

  it('take exceptions of the namespaces that were named: without a word to the compiler none would count', () => {
    const others = [installed(exception, exceptions)];

    expect(refuses('red', compile({ hardening: 'strict', others, namespaces: ['shop'] }))).toBe(false);
    expect(refuses('red', compile({ hardening: 'strict', others, namespaces: ['*'] }))).toBe(false);
    expect(refuses('red', compile({ hardening: 'strict', others }))).toBe(true);
    expect(compile({ hardening: 'strict', others }).ignored).toEqual(['kyverno.io/PolicyException/e']);
  });

  it('take those of files, too, only of these; otherwise they count as they lie there', () => {
    const files = [exception];
    const refused = compile({ hardening: 'strict', files });

    expect(refuses('red', compile({ files }))).toBe(false);
    expect(refuses('red', refused)).toBe(true);
    expect(refused.problems).toMatchObject([
      { message: expect.stringContaining('does not count'), hidesFindings: false },
    ]);
    expect(refuses('red', compile({ hardening: 'strict', files, namespaces: ['shop'] }))).toBe(false);
  });
});
