// SPDX-License-Identifier: Apache-2.0
// What a rule becomes whatever it does: name, actions, controllers and evaluation of the policy that is made from it.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { controllersAnnotation } from '../autogen.ts';
import type { Names } from './cel-text.ts';
import { CannotCarryOver, plain } from './cel-text.ts';
import type { Scope } from './jmespath.ts';
import type { TranslatedMatch } from './match.ts';

const plurals: Readonly<Record<string, string>> = {
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  Job: 'jobs',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  CronJob: 'cronjobs',
};

export class RuleFrame {
  readonly policy: JsonObject;
  readonly rule: JsonObject;
  readonly spec: JsonObject;
  readonly remarks: string[] = [];
  readonly #hasControllers: boolean;

  constructor(policy: JsonObject, rule: JsonObject, hasControllers: boolean) {
    this.policy = policy;
    this.rule = rule;
    this.spec = asObject(policy['spec']) ?? {};
    this.#hasControllers = hasControllers;
  }

  get isNamespaced(): boolean {
    return this.policy['kind'] === 'Policy';
  }

  metadata(isOnly: boolean): JsonObject {
    const { name, annotations, labels, namespace } = asObject(this.policy['metadata']) ?? {};
    const kept = Object.entries(asObject(annotations) ?? {}).filter(
      ([key]) => key !== controllersAnnotation && key !== 'kubectl.kubernetes.io/last-applied-configuration',
    );
    const rule = (asString(this.rule['name']) ?? '').toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
    return {
      name: isOnly ? name : `${asString(name) ?? ''}-${rule}`.slice(0, 253),
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    };
  }

  evaluation(): JsonObject {
    return {
      admission: { enabled: this.spec['admission'] !== false },
      background: { enabled: this.spec['background'] !== false },
    };
  }

  soft(): readonly string[] {
    return this.spec['emitWarning'] === true ? ['Warn', 'Audit'] : ['Audit'];
  }

  failurePolicy(): unknown {
    return asObject(this.spec['webhookConfiguration'])?.['failurePolicy'] ?? this.spec['failurePolicy'];
  }

  controllers({ isOfPods }: TranslatedMatch): readonly string[] {
    if (!this.#hasControllers || !isOfPods) return [];
    // Autogen of Kyverno leaves this name alone; that of the CEL kinds takes it for the template's.
    if (/request\.\\"(?:object|oldObject)\\"/.test(JSON.stringify(this.rule)))
      throw new CannotCarryOver('request."object", which is the controller itself in what is made for controllers');
    const written = asString(asObject(asObject(this.policy['metadata'])?.['annotations'])?.[controllersAnnotation]);
    const kinds = written === undefined ? Object.keys(plurals) : written.split(',').map((kind) => kind.trim());
    if (kinds.includes('ReplicationController') || written === undefined)
      this.remarks.push('ReplicationControllers are not covered: CEL policies have none among their controllers');
    return kinds.flatMap((kind) => plurals[kind] ?? []);
  }

  remarkOnContainers(isOfPods: boolean): void {
    if (isOfPods)
      this.remarks.push(
        'ephemeral containers added to running Pods are not covered; add pods/ephemeralcontainers where they must be',
      );
  }

  scope(match: TranslatedMatch, names: Names): Scope {
    const isDeletion = match.operations.length === 1 && match.operations[0] === 'DELETE';
    const text = JSON.stringify(this.rule);
    if (!isDeletion && match.operations.includes('DELETE') && text.includes('request.object'))
      throw new CannotCarryOver('a rule for DELETE and other operations, whose object is not the same');
    const certain = match.isOfPods ? ['metadata', 'spec'] : ['metadata'];
    return { names, object: { ...plain(isDeletion ? 'oldObject' : 'object'), certain }, values: new Map() };
  }
}
