// SPDX-License-Identifier: Apache-2.0
// Pod Security Standards behind the common engine interface, as the API server's PodSecurity admission applies them: the labels of the namespace say which
// level is enforced, audited and warned of; an AdmissionConfiguration (or PodSecurityConfiguration) gives defaults and exemptions.
// Pods are judged for all three modes, controllers' templates for audit and warn only (pod-security-admission admission/admission.go).

import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import type { EngineData, EngineDocument, EngineOutcome, PolicyDecision, PolicyEffect } from '../engine.ts';
import { definePolicyEngine, nothingToSay } from '../engine.ts';
import type { Level } from './check.ts';
import type { LevelAndVersion } from './evaluate.ts';
import { describeViolations, evaluatePod, parseVersion } from './evaluate.ts';
import type { Mode } from './namespace.ts';
import { labelPrefix, namespacePolicy } from './namespace.ts';
import { podOf } from './pod.ts';
import { isSignificantUpdate } from './pod-update.ts';

interface Configuration {
  readonly defaults: Readonly<Record<Mode, LevelAndVersion>>;
  readonly exemptions: {
    readonly usernames: readonly string[];
    readonly namespaces: readonly string[];
    readonly runtimeClasses: readonly string[];
  };
}

const privileged: LevelAndVersion = { level: 'privileged', version: 'latest' };

const noConfiguration: Configuration = {
  defaults: { enforce: privileged, audit: privileged, warn: privileged },
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};

const effects: Readonly<Record<Mode, PolicyEffect>> = { enforce: 'deny', audit: 'audit', warn: 'warn' };

export const podSecurityEngine = definePolicyEngine({
  id: 'pod-security',
  title: 'Pod Security Standards',
  accepts: ({ object }) => configurationIn(object) !== undefined,
  compile: (documents) => {
    const problems: Problem[] = [];
    const [first, ...more] = documents;
    for (const document of more)
      problems.push(problemOf(document, 'schema', 'there is a PodSecurityConfiguration already'));
    const configuration = first === undefined ? noConfiguration : readConfiguration(first, problems);
    const location = first?.locate(['kind']) ?? { path: 'labels of namespaces' };
    return {
      problems,
      policies: [
        {
          name: 'pod-security',
          kind: 'PodSecurityConfiguration',
          location,
          mutates: false,
          interests: [
            {
              groups: ['', 'apps', 'batch'],
              resources: ['pods', 'pods/ephemeralcontainers', ...controllers],
              operations: ['CREATE', 'UPDATE'],
            },
          ],
        },
      ],
      judge: (request, data) => judge(request, data, configuration),
    };
  },
});

const controllers = [
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
  'podtemplates',
];

function judge(request: AdmissionRequest, { cluster }: EngineData, configuration: Configuration): EngineOutcome {
  const { object, namespace } = request;
  if (namespace === undefined || object === undefined) return nothingToSay;
  const known = cluster.namespace(namespace);
  const labels = asObject(asObject(known?.['metadata'])?.['labels']) ?? {};
  if (known !== undefined && asksNothing(labels, configuration)) return nothingToSay;
  const found = podOf(object);
  if (found === undefined || isExempt(request, found.pod.spec, configuration)) return nothingToSay;
  const isPod = request.kind.kind === 'Pod';
  const { operation, oldObject } = request;
  if (isPod && operation === 'UPDATE' && oldObject !== undefined && !isSignificantUpdate(object, oldObject))
    return nothingToSay;
  if (known === undefined) return { decisions: [unknownNamespace(namespace, isPod ? 'deny' : 'warn')], patch: [] };
  const modes: readonly Mode[] = isPod ? ['enforce', 'warn', 'audit'] : ['warn', 'audit'];
  const decisions = modes.flatMap((mode): readonly PolicyDecision[] => {
    const wanted = namespacePolicy(labels, configuration.defaults[mode])[mode];
    if (wanted.level === 'privileged') return [];
    const violations = evaluatePod(found.pod, wanted);
    const rule = `${wanted.level}:${wanted.version === 'latest' ? 'latest' : `v1.${wanted.version}`}`;
    const decision = { policy: 'pod-security', rule, effect: effects[mode] };
    if (violations.length === 0) return [{ ...decision, outcome: 'pass', message: '' }];
    const [place] = violations.flatMap(({ at }) => at);
    const message = `violates PodSecurity "${rule}": ${describeViolations(violations)}`;
    const changes = violations.flatMap((violation) =>
      violation.changes.map((change) => ({ ...change, at: [...found.at, ...change.at] })),
    );
    return [{ ...decision, outcome: 'fail', message, at: [...found.at, ...(place ?? [])], changes }];
  });
  const faults = namespacePolicy(labels).faults.map(
    ({ label, message }): PolicyDecision => ({
      policy: 'pod-security',
      rule: label,
      outcome: 'error',
      effect: 'warn',
      message: `namespace ${namespace}: the label ${label} ${message}`,
    }),
  );
  return { decisions: [...faults, ...decisions], patch: [] };
}

/** What its labels ask for is not known: nobody passes on that (the API server refuses the Pod as well). */
function unknownNamespace(namespace: string, effect: PolicyEffect): PolicyDecision {
  const message = `the labels of namespace '${namespace}' could not be looked up`;
  return { policy: 'pod-security', rule: '', outcome: 'error', effect, message };
}

/** Most namespaces of most clusters: no label, and nothing by default. */
function asksNothing(labels: JsonObject, { defaults }: Configuration): boolean {
  for (const label in labels) if (label.startsWith(labelPrefix)) return false;
  return [defaults.enforce, defaults.audit, defaults.warn].every(({ level }) => level === 'privileged');
}

function isExempt({ namespace, userInfo }: AdmissionRequest, spec: JsonObject, { exemptions }: Configuration): boolean {
  return (
    exemptions.namespaces.includes(namespace ?? '') ||
    exemptions.usernames.includes(asString(userInfo?.['username']) ?? '') ||
    exemptions.runtimeClasses.includes(asString(spec['runtimeClassName']) ?? '')
  );
}

/** The configuration itself, or the one inside an AdmissionConfiguration. */
function configurationIn(object: JsonObject): JsonObject | undefined {
  const version = asString(object['apiVersion']) ?? '';
  if (object['kind'] === 'PodSecurityConfiguration' && version.startsWith('pod-security.admission.config.k8s.io/'))
    return object;
  if (object['kind'] !== 'AdmissionConfiguration' || !version.startsWith('apiserver.config.k8s.io/')) return undefined;
  const plugin = asArray(object['plugins'])
    .map(asObject)
    .find((item) => item?.['name'] === 'PodSecurity');
  return asObject(plugin?.['configuration']);
}

const levels: readonly string[] = ['privileged', 'baseline', 'restricted'] satisfies readonly Level[];

function readConfiguration(document: EngineDocument, problems: Problem[]): Configuration {
  const object = configurationIn(document.object) ?? {};
  const defaults = asObject(object['defaults']);
  const exemptions = asObject(object['exemptions']);
  const read = (mode: Mode): LevelAndVersion => {
    const level = asString(defaults?.[mode]) ?? 'privileged';
    const version = parseVersion(asString(defaults?.[`${mode}-version`]) ?? 'latest');
    if (levels.includes(level) && version !== undefined) return { level: level as Level, version };
    problems.push(problemOf(document, 'schema', `defaults.${mode}: a level and a version such as v1.30 or latest`));
    // What was meant is not known: as strict as can be.
    return { level: 'restricted', version: 'latest' };
  };
  return {
    defaults: { enforce: read('enforce'), audit: read('audit'), warn: read('warn') },
    exemptions: {
      usernames: asStrings(exemptions?.['usernames']),
      namespaces: asStrings(exemptions?.['namespaces']),
      runtimeClasses: asStrings(exemptions?.['runtimeClasses']),
    },
  };
}

function problemOf(document: EngineDocument, kind: Problem['kind'], message: string): Problem {
  return { kind, message, location: document.locate(['kind']), hidesFindings: true };
}
