// SPDX-License-Identifier: Apache-2.0
// The files of a Kyverno test as its command line reads them: kyverno-test.yaml (kind Test) and UserInfo. Keys are taken in any case; keys that nobody
// knows are problems. Not here: values (kyverno-values.ts), running the test.
import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asObjects, asString, asStrings, entriesOf } from '../../formats/document.ts';
import type { Requester } from '../../policy/kyverno/match.ts';
import type { KyvernoValues } from './kyverno-values.ts';
import { readValues } from './kyverno-values.ts';
import { readManifests } from './manifest-files.ts';
import { readUser } from './user-info.ts';

export interface ExpectedResult {
  /** Name, or `namespace/name`. */
  readonly policy: string;
  /** Absent for the kinds without rules. */
  readonly rule: string | undefined;
  /** Name or `namespace/name` of each; none: all resources. */
  readonly resources: readonly string[];
  readonly resourceSpecs: readonly JsonObject[];
  readonly result: string;
  readonly operation: string | undefined;
  readonly patchedResources: string | undefined;
  readonly generatedResource: string | undefined;
  readonly cloneSourceResource: string | undefined;
}

/** JSON that policies of mode JSON are about; named as its file. */
export interface TestPayload {
  readonly name: string;
  readonly object: JsonObject;
}

export interface KyvernoTest {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
  readonly policies: readonly string[];
  readonly resources: readonly string[];
  readonly targetResources: readonly string[];
  readonly paramResources: readonly string[];
  readonly payloads: readonly TestPayload[];
  readonly exceptions: readonly string[];
  readonly values: KyvernoValues;
  readonly userInfo: TestUser | undefined;
  /** Objects of the fake cluster: of `clusterResources` and of `context`. */
  readonly clusterResources: readonly JsonObject[];
  /** Data of images by reference, for CEL policies. */
  readonly images: Readonly<Record<string, JsonObject>>;
  readonly apiCallResponses: readonly JsonObject[];
  readonly globalContextEntries: readonly JsonObject[];
  readonly results: readonly ExpectedResult[];
  readonly problems: readonly string[];
}

export interface TestUser {
  readonly requester: Requester;
  readonly userInfo: JsonObject;
}

const testKeys = [
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'policies',
  'resources',
  'jsonPayload',
  'jsonPayloads',
  'httpPayloads',
  'envoyPayloads',
  'targetResources',
  'paramResources',
  'exceptions',
  'variables',
  'values',
  'userinfo',
  'context',
  'clusterResources',
  'apiCallResponses',
  'globalContextEntries',
  'results',
  'checks',
  'status',
];
const resultKeys = [
  'policy',
  'rule',
  'resources',
  'resource',
  'resourceSpecs',
  'kind',
  'namespace',
  'result',
  'status',
  'operation',
  'patchedResources',
  'patchedResource',
  'generatedResource',
  'generatedResources',
  'cloneSourceResource',
  'isValidatingAdmissionPolicy',
  'isValidatingPolicy',
  'isImageValidatingPolicy',
  'isMutatingAdmissionPolicy',
  'isDeletingPolicy',
  'isGeneratingPolicy',
  'isMutatingPolicy',
  'isNamespacedPolicy',
];

/** Members under their known spelling; unknown ones are named in `problems`. */
function knownMembers(value: unknown, known: readonly string[], problems: string[]): JsonObject {
  const byLower = new Map(known.map((key) => [key.toLowerCase(), key]));
  return Object.fromEntries(
    entriesOf(value).map(([key, member]) => {
      const spelling = byLower.get(key.toLowerCase());
      if (spelling === undefined) problems.push(`unknown field "${key}"`);
      return [spelling ?? key, member];
    }),
  );
}

/** All tests of one file; a file may have several documents. */
export function readKyvernoTests(file: string): readonly KyvernoTest[] {
  const { documents, problems } = readManifests(file);
  if (problems.length > 0 && documents.length === 0)
    return [
      emptyTest(
        file,
        problems.map(({ message }) => message),
      ),
    ];
  return documents.map(({ value }) =>
    readTest(
      file,
      value,
      problems.map(({ message }) => message),
    ),
  );
}

function emptyTest(file: string, problems: readonly string[]): KyvernoTest {
  return readTest(file, {}, problems);
}

function readTest(file: string, value: unknown, earlier: readonly string[]): KyvernoTest {
  const problems = [...earlier];
  const kind = asString(asObject(value)?.['kind']);
  // What is another document altogether has nothing but unknown fields.
  if (kind !== undefined && kind !== 'Test') return emptyTest(file, [...earlier, `it is of kind ${kind}, not Test`]);
  const test = knownMembers(value, testKeys, problems);
  const folder = dirname(file);
  const paths = (list: unknown): readonly string[] => asStrings(list).map((path) => join(folder, path));
  const values = asString(test['variables']);
  const inline = test['values'];
  const user = asString(test['userinfo']);
  const contextFile = asString(test['context']);
  const context =
    contextFile === undefined
      ? {}
      : (asObject(asObject(firstDocument(join(folder, contextFile), problems))?.['spec']) ?? {});
  return {
    name: asString(asObject(test['metadata'])?.['name']) ?? asString(test['name']) ?? '',
    file,
    folder,
    policies: paths(test['policies']),
    resources: paths(test['resources']),
    targetResources: paths(test['targetResources']),
    paramResources: paths(test['paramResources']),
    payloads: readPayloads(paths([test['jsonPayload'], ...asArray(test['jsonPayloads'])]), problems),
    exceptions: paths(test['exceptions']),
    values: values === undefined ? readValues(inline) : readValues(firstDocument(join(folder, values), problems)),
    userInfo: user === undefined ? undefined : testUser(firstDocument(join(folder, user), problems)),
    clusterResources: [
      ...readClusterResources(test['clusterResources'], folder, problems),
      ...asObjects(context['resources']),
    ],
    images: imagesOf(context['images']),
    apiCallResponses: asObjects(test['apiCallResponses']),
    globalContextEntries: asObjects(test['globalContextEntries']).map((entry) => ({
      ...entry,
      ...(entry['resourceFiles'] === undefined ? {} : { data: objectsIn(paths(entry['resourceFiles']), problems) }),
    })),
    results: asArray(test['results']).map((result) => readResult(result, problems)),
    problems,
  };
}

function readPayloads(paths: readonly string[], problems: string[]): readonly TestPayload[] {
  return paths.flatMap((path) => {
    const object = asObject(firstDocument(path, problems));
    return object === undefined ? [] : [{ name: basename(path), object }];
  });
}

function objectsIn(paths: readonly string[], problems: string[]): JsonObject[] {
  return paths.flatMap((path) => {
    const reading = readManifests(path);
    problems.push(...reading.problems.map(({ message }) => message));
    return reading.resources.map(({ object }) => object);
  });
}

/** Data of images, by reference or as a list with the reference in `image`. */
function imagesOf(value: unknown): Readonly<Record<string, JsonObject>> {
  const listed = asObjects(value).map((item): [string, unknown] => [asString(item['image']) ?? '', item]);
  return Object.fromEntries(
    [...entriesOf(value), ...listed].flatMap(([reference, item]): [string, JsonObject][] => {
      const image = asObject(item);
      return image === undefined ? [] : [[reference, image]];
    }),
  );
}

function firstDocument(path: string, problems: string[]): unknown {
  const reading = readManifests(path);
  problems.push(...reading.problems.map(({ message }) => message));
  return reading.documents[0]?.value;
}

function readResult(value: unknown, problems: string[]): ExpectedResult {
  const result = knownMembers(value, resultKeys, problems);
  const one = asString(result['resource']);
  return {
    policy: asString(result['policy']) ?? '',
    rule: asString(result['rule']),
    resources: result['resources'] === undefined && one !== undefined ? [one] : asStrings(result['resources']),
    resourceSpecs: asObjects(result['resourceSpecs']),
    result: asString(result['result']) ?? asString(result['status']) ?? '',
    operation: asString(result['operation']),
    patchedResources: asString(result['patchedResources']) ?? asString(result['patchedResource']),
    generatedResource: asString(result['generatedResource']) ?? asString(result['generatedResources']),
    cloneSourceResource: asString(result['cloneSourceResource']),
  };
}

function testUser(value: unknown): TestUser {
  const { userInfo, roles, clusterRoles } = readUser(value);
  const username = asString(userInfo['username']) ?? '';
  return { userInfo, requester: { username, groups: asStrings(userInfo['groups']), roles, clusterRoles } };
}

function readClusterResources(value: unknown, folder: string, problems: string[]): readonly JsonObject[] {
  const path = asString(value);
  const resources: JsonObject[] = [];
  for (const file of path === undefined ? asStrings(value) : [path]) {
    const cluster = asObject(firstDocument(join(folder, file), problems)) ?? {};
    const spec = asObject(cluster['spec']) ?? {};
    for (const item of asArray(spec['resources'])) {
      const object = asObject(item);
      if (object !== undefined) resources.push(object);
      else if (typeof item === 'string')
        resources.push(...readManifests(join(folder, item)).resources.map((resource) => resource.object));
    }
  }
  return resources;
}
