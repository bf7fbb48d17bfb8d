// SPDX-License-Identifier: Apache-2.0
// Policies of our own that change objects: a real API server and our evaluator must make the same of each, or refuse it for the same reason.
import type { JsonObject } from '../../src/formats/document.ts';
import { settings } from './policy-cases/objects.ts';

export interface MutationCase {
  readonly name: string;
  /** Of a MutatingAdmissionPolicy. */
  readonly spec: JsonObject;
  readonly object?: JsonObject;
}

const setImage: JsonObject = {
  patchType: 'JSONPatch',
  jsonPatch: {
    expression: `[JSONPatch{op: "replace", path: "/spec/containers/0/image", value: object.spec.containers[0].image + "@sha256:" + "0" + "a"}]`,
  },
};

/** Patches that cannot be applied: the API server says why. */
const impossible: Readonly<Record<string, string>> = {
  'removes what is absent': '{op: "remove", path: "/metadata/labels/absent"}',
  'removes below what is absent': '{op: "remove", path: "/metadata/annotations/a"}',
  'replaces what is absent': '{op: "replace", path: "/metadata/labels/absent", value: "x"}',
  'replaces below what is absent': '{op: "replace", path: "/spec/absent/a", value: "x"}',
  'adds behind the end of a list': '{op: "add", path: "/spec/containers/9", value: "x"}',
  'removes behind the end of a list': '{op: "remove", path: "/spec/containers/9"}',
  'moves what is absent': '{op: "move", from: "/metadata/labels/absent", path: "/metadata/labels/a"}',
  'tests what is absent': '{op: "test", path: "/metadata/labels/absent", value: "x"}',
};

export const mutationCases: readonly MutationCase[] = [
  ...Object.entries(impossible).map(
    ([name, operation]): MutationCase => ({
      name,
      spec: { mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: `[JSONPatch${operation}]` } }] },
    }),
  ),
  {
    name: 'adds a label by applying',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"added": "yes"}}}' },
        },
      ],
    },
  },
  {
    name: 'adds a container by applying',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression:
              'Object{spec: Object.spec{containers: [Object.spec.containers{name: "added", image: "added:1", env: [Object.spec.containers.env{name: "A", value: "b"}]}]}}',
          },
        },
      ],
    },
  },
  {
    name: 'changes containers by name by applying',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression:
              'Object{spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, securityContext: Object.spec.containers.securityContext{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}})}}',
          },
        },
      ],
    },
  },
  { name: 'replaces by JSON patch', spec: { mutations: [setImage] } },
  {
    name: 'adds, tests and removes by JSON patch',
    spec: {
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: `[
              JSONPatch{op: "test", path: "/metadata/labels/app", value: "web"},
              JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a.example/b"), value: "x"},
              JSONPatch{op: "remove", path: "/metadata/labels/app"},
              JSONPatch{op: "add", path: "/spec/containers/-", value: Object.spec.containers{name: "last", image: "last"}},
              JSONPatch{op: "copy", from: "/spec/containers/0/env/0", path: "/spec/containers/0/env/1"},
              JSONPatch{op: "move", from: "/metadata/labels/team.example~1name", path: "/metadata/labels/team"}
            ]`,
          },
        },
      ],
    },
  },
  {
    name: 'fails a test by JSON patch',
    spec: {
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression:
              '[JSONPatch{op: "test", path: "/metadata/labels/app", value: "other"}, JSONPatch{op: "remove", path: "/metadata/labels/app"}]',
          },
        },
      ],
    },
  },
  {
    name: 'adds below what is absent',
    spec: {
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: { expression: '[JSONPatch{op: "add", path: "/metadata/annotations/a", value: "x"}]' },
        },
      ],
    },
  },
  {
    name: 'does two things in order',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"count": "1"}}}' },
        },
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression:
              '[JSONPatch{op: "replace", path: "/metadata/labels/count", value: object.metadata.labels["count"] + "2"}]',
          },
        },
      ],
    },
  },
  {
    name: 'uses variables and conditions',
    spec: {
      variables: [{ name: 'first', expression: 'object.spec.containers[0].name' }],
      matchConditions: [{ name: 'web', expression: 'object.metadata.name == "web"' }],
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{annotations: {"first": variables.first}}}',
          },
        },
      ],
    },
  },
  {
    name: 'is kept out by a condition',
    spec: {
      matchConditions: [{ name: 'other', expression: 'object.metadata.name == "other"' }],
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{metadata: Object.metadata{annotations: {"a": "b"}}}' },
        },
      ],
    },
  },
  {
    name: 'fails in an expression',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{annotations: {"a": object.spec.nodeName}}}',
          },
        },
      ],
    },
  },
  {
    name: 'fails in an expression and is ignored',
    spec: {
      failurePolicy: 'Ignore',
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{annotations: {"a": object.spec.nodeName}}}',
          },
        },
      ],
    },
  },
  {
    name: 'applies an atomic list',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{spec: Object.spec{containers: [Object.spec.containers{name: "web", command: ["sh"]}]}}',
          },
        },
      ],
    },
  },
  {
    name: 'changes data',
    spec: {
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: { expression: 'Object{data: {"level": "8", "new": string(object.data.level)}}' },
        },
      ],
    },
    object: settings,
  },
  {
    name: 'removes a volume of many',
    spec: {
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression:
              'object.spec.?containers.orValue([]).map(c, JSONPatch{op: "add", path: "/metadata/labels/" + c.name, value: string(has(c.ports))})',
          },
        },
      ],
    },
  },
];
