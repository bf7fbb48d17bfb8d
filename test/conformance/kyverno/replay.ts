// SPDX-License-Identifier: Apache-2.0
// Chainsaw tests replayed against a cluster in memory: what is written goes through the policies written before, as a cluster's admission would have it.
// Cases are the writes (refused or accepted, as the test expects) and what is asserted of stored objects that are no policies.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ReplayCluster } from '../../../src/apps/policy/replay-cluster.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import { parseKubernetesYaml } from '../../../src/formats/kubernetes-yaml/documents.ts';
import type { KubernetesResource } from '../../../src/formats/kubernetes-yaml/resources.ts';
import { resourcesOf } from '../../../src/formats/kubernetes-yaml/resources.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { failed, passed } from '../pack.ts';

type Verb = 'apply' | 'create' | 'patch' | 'delete' | 'assert' | 'error';
const verbs: readonly Verb[] = ['apply', 'create', 'patch', 'delete', 'assert', 'error'];

interface Step {
  readonly verb: Verb;
  readonly objects: readonly KubernetesResource[];
  readonly mustFail: boolean;
}

/** Cases of all replayed tests; a test is run once, when its first case is asked. */
export function replayCases(root: string): readonly ConformanceCase[] {
  const index = join(root, 'admission-replay.json');
  if (!existsSync(index)) return [];
  const { cases } = JSON.parse(readFileSync(index, 'utf8')) as { readonly cases: readonly { readonly test: string }[] };
  return cases.flatMap(({ test }) => casesOf(root, test));
}

function casesOf(root: string, test: string): readonly ConformanceCase[] {
  const steps = stepsOf(join(root, test));
  let results: readonly (CaseResult | undefined)[] | undefined;
  return steps.flatMap((step, position) => {
    if (!isCounted(step)) return [];
    return [
      {
        id: `replay/${step.verb}/${test.replace('/chainsaw-test.yaml', '')}#${position}`,
        run: () => {
          results ??= run(steps);
          return results[position] ?? failed('a result', 'none');
        },
      },
    ];
  });
}

function isCounted({ verb, objects }: Step): boolean {
  if (verb === 'apply' || verb === 'create') return true;
  return (verb === 'assert' || verb === 'error') && objects.every(({ object }) => isPlain(object));
}

/** No policy, whose status is not ours, and no expression among its keys. */
function isPlain(object: JsonObject): boolean {
  const isOfPolicies = /kyverno\.io\/|admissionregistration|wgpolicyk8s|openreports/.test(
    asString(object['apiVersion']) ?? '',
  );
  return !isOfPolicies && !JSON.stringify(object).includes('"(') && object['status'] === undefined;
}

function stepsOf(path: string): readonly Step[] {
  const [test] = read(path);
  return asArray(asObject(test?.object['spec'])?.['steps']).flatMap((step) =>
    asArray(asObject(step)?.['try']).flatMap((item): readonly Step[] => {
      const operation = asObject(item) ?? {};
      const verb = verbs.find((name) => operation[name] !== undefined);
      if (verb === undefined) return [];
      const body = asObject(operation[verb]) ?? {};
      const file = asString(body['file']);
      const reference = body['resource'] ?? body['ref'];
      const objects =
        file === undefined
          ? resourcesOf(parseKubernetesYaml(JSON.stringify(reference ?? {}), path)).resources
          : read(join(dirname(path), file));
      return [{ verb, objects, mustFail: JSON.stringify(body['expect'] ?? '').includes('$error != null') }];
    }),
  );
}

function read(path: string): readonly KubernetesResource[] {
  return existsSync(path) ? resourcesOf(parseKubernetesYaml(readFileSync(path, 'utf8'), path)).resources : [];
}

function run(steps: readonly Step[]): readonly (CaseResult | undefined)[] {
  const cluster = new ReplayCluster({ now: () => Date.now(), random: (below) => Math.floor(Math.random() * below) });
  return steps.map(({ verb, objects, mustFail }) => {
    switch (verb) {
      case 'assert':
        return objects.every(({ object }) => cluster.has(object)) ? passed : failed('the object', 'no such object');
      case 'error':
        return objects.some(({ object }) => cluster.has(object)) ? failed('no such object', 'the object') : passed;
      case 'delete':
        for (const resource of objects) cluster.remove(resource.object);
        return undefined;
      default: {
        const answers = objects.map((resource) => cluster.write(resource, verb === 'patch' ? 'patch' : 'apply'));
        const refusals = answers.filter((answer) => answer !== undefined);
        const isRight = mustFail ? refusals.length === answers.length : refusals.length === 0;
        return isRight ? passed : failed(mustFail ? 'refused' : 'accepted', refusals[0] ?? 'accepted');
      }
    }
  });
}
