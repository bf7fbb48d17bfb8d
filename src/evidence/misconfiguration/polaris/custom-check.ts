// SPDX-License-Identifier: Apache-2.0
// Checks of users in Polaris' format: a JSON Schema, itself a Go template over the object, that the object or a part of it must fit, and schemas that
// some other object must fit. A schema that cannot be judged with is an error of the check, never a pass.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { executeGoTemplate } from '../../../formats/go-template/execute.ts';
import type { SchemaKeyword } from '../../../formats/json-schema/validate.ts';
import { validateSchema } from '../../../formats/json-schema/validate.ts';
import { parseKubernetesQuantity } from '../../../formats/kubernetes-quantity.ts';
import type { KubernetesResource } from '../../../formats/kubernetes-yaml/resources.ts';
import type { NameFilter, PolarisCustomCheck } from '../../../formats/polaris-config.ts';
import { parseYamlDocument } from '../../../formats/yaml.ts';
import type { ManifestCheck, ManifestFault, ManifestSet } from '../manifest-check.ts';
import { wantedByMutations } from './mutation.ts';
import type { PolarisContainer, PolarisView } from './view.ts';
import { polarisViewOf, relatedOf } from './view.ts';

/** Targets that are parts of workloads; any other target names a kind. */
const partTargets: readonly string[] = ['Container', 'PodSpec', 'PodTemplate', 'Controller'];

/** One part of an object that a check looks at. */
interface Subject {
  readonly value: unknown;
  readonly at: DocumentPath;
  readonly container?: PolarisContainer;
}

export function polarisCustomCheck(definition: PolarisCustomCheck, severity: ManifestCheck['severity']): ManifestCheck {
  const { id, failureMessage, category } = definition;
  return {
    id,
    title: failureMessage === '' ? id : failureMessage,
    aliases: [`polaris/${id}`],
    profiles: ['polaris'],
    severity,
    why: category === '' ? `The configuration asks for ${id}` : `The configuration asks for it (${category})`,
    remediation: failureMessage === '' ? 'Correct what the check names' : failureMessage.replace(/\.$/, ''),
    urls: [],
    example: { good: '', bad: '' },
    run: (resource, set) => runCheck(definition, resource, set),
  };
}

function runCheck(check: PolarisCustomCheck, resource: KubernetesResource, set: ManifestSet): readonly ManifestFault[] {
  const view = polarisViewOf(resource);
  return subjectsOf(check, resource, view).flatMap((subject): ManifestFault[] => {
    const data = templateData(resource, view, subject.container);
    const words = schemaFault(check, subject, data) ?? additionalFault(check, { resource, set, data });
    if (words === undefined) return [];
    const message = (check.failureMessage === '' ? check.id : check.failureMessage).replace(/\.$/, '');
    const who = subject.container === undefined ? '' : `the container ${subject.container.name}: `;
    const wanted = wantedByMutations(check.mutations, subject.at, resource.object);
    return [{ message: `${who}${message} (${words})`, at: subject.at, ...(wanted.length === 0 ? {} : { wanted }) }];
  });
}

function subjectsOf(
  { target, schemaTarget, controllers, containers }: PolarisCustomCheck,
  resource: KubernetesResource,
  view: PolarisView | undefined,
): readonly Subject[] {
  if (!isChosen(resource.kind, controllers)) return [];
  if (!partTargets.includes(target)) {
    const isMeant = target === resource.kind || target.endsWith(`/${resource.kind}`);
    return isMeant ? [{ value: resource.object, at: [] }] : [];
  }
  if (view === undefined) return [];
  if (target === 'Controller') return [{ value: resource.object, at: [] }];
  if (target === 'PodSpec') return [{ value: view.spec, at: view.specAt }];
  if (target === 'PodTemplate')
    return view.template === undefined ? [] : [{ value: view.template, at: view.templateAt }];
  return view.containers
    .filter(({ isInit }) => isChosen(isInit ? 'initContainer' : 'container', containers))
    .map((container) => ({
      value:
        schemaTarget === 'PodSpec'
          ? { ...view.spec, initContainers: [], containers: [container.container] }
          : container.container,
      at: container.at,
      container,
    }));
}

function isChosen(name: string, { include, exclude }: NameFilter): boolean {
  return (include.length === 0 || include.includes(name)) && !exclude.includes(name);
}

/** What templates see: the object, and beside it the parts that are looked at. */
function templateData(
  resource: KubernetesResource,
  view: PolarisView | undefined,
  container: PolarisContainer | undefined,
): JsonObject {
  const parts = {
    ...(view === undefined ? {} : { PodSpec: view.writtenSpec }),
    ...(view?.template === undefined ? {} : { PodTemplate: view.template }),
    ...(container === undefined ? {} : { Container: container.container }),
  };
  return { ...resource.object, Polaris: parts };
}

const quantityKeywords: Readonly<Record<string, SchemaKeyword>> = {
  resourceMinimum: (limit, value) => quantityFault(value, limit, { wrong: -1, words: 'less' }),
  resourceMaximum: (limit, value) => quantityFault(value, limit, { wrong: 1, words: 'more' }),
};

interface WrongSide {
  readonly wrong: -1 | 1;
  readonly words: string;
}

function quantityFault(value: unknown, limit: unknown, { wrong, words }: WrongSide): string | undefined {
  const actual = quantityOf(value);
  const allowed = quantityOf(limit);
  if (actual === undefined || allowed === undefined) return 'is no quantity';
  const order = actual.nano < allowed.nano ? -1 : actual.nano > allowed.nano ? 1 : 0;
  return order === wrong ? `is ${words} than ${JSON.stringify(limit)}` : undefined;
}

function quantityOf(written: unknown) {
  return typeof written === 'string' || typeof written === 'number'
    ? parseKubernetesQuantity(String(written))
    : undefined;
}

function schemaFault({ schema }: PolarisCustomCheck, subject: Subject, data: JsonObject): string | undefined {
  const read = schema === undefined ? undefined : readSchema(schema, data);
  if (read === undefined) return undefined;
  const [first] = validateSchema(read, subject.value, { keywords: quantityKeywords });
  return first === undefined ? undefined : `/${first.at.join('/')} ${first.message}`;
}

interface Related {
  readonly resource: KubernetesResource;
  readonly set: ManifestSet;
  readonly data: JsonObject;
}

/** For each kind one object of the same namespace must fit, unless the template says nothing for this object. */
function additionalFault(
  { additionalSchemas }: PolarisCustomCheck,
  { resource, set, data }: Related,
): string | undefined {
  for (const [groupKind, template] of Object.entries(additionalSchemas)) {
    const schema = readSchema(template, data);
    if (schema === undefined) continue;
    const kind = groupKind.slice(groupKind.lastIndexOf('/') + 1);
    const group = groupKind.includes('/') ? groupKind.slice(0, groupKind.lastIndexOf('/')) : '';
    const isThere = relatedOf(kind, resource, set)
      .filter(
        ({ apiVersion }) => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '') === group,
      )
      .some(({ object }) => validateSchema(schema, object, { keywords: quantityKeywords }).length === 0);
    if (!isThere) return `no ${kind} fits`;
  }
  return undefined;
}

/** Fills a template in and reads the YAML; undefined when nothing is left but blanks and comments. Throws when it cannot be read. */
function readSchema(template: string, data: JsonObject): JsonObject | undefined {
  const filled = template.includes('{{') ? executeGoTemplate(template, data, templateFunctions) : undefined;
  if (filled?.kind === 'fault') throw new Error(`the template of the schema: ${filled.message}`);
  const document = parseYamlDocument(filled?.text ?? template, 'schema');
  const [problem] = document.problems.filter(({ kind }) => kind === 'syntax');
  if (problem !== undefined) throw new Error(`the schema: ${problem.message}`);
  return asObject(document.value);
}

const templateFunctions = {
  hasPrefix: (text: unknown, prefix: unknown) => textOf(text).startsWith(textOf(prefix)),
  hasSuffix: (text: unknown, suffix: unknown) => textOf(text).endsWith(textOf(suffix)),
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
