// SPDX-License-Identifier: Apache-2.0
// Reads the table of built-in types: which fields a kind has, of which type, and how its lists, maps and structures are merged. A type is read when it
// is first asked for.

import { builtInTypes } from './built-in-types.ts';

export type ScalarType = 'string' | 'int' | 'bool' | 'double' | 'bytes' | 'time' | 'quantity' | 'int-or-string';

export type SchemaType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly element: SchemaType }
  | { readonly kind: 'map'; readonly element: SchemaType }
  | StructureType;

export interface StructureType {
  readonly kind: 'structure';
  /** `core/v1.PodSpec` */
  readonly name: string;
  /** Merged as one value: who sets it sets all of it. */
  readonly isAtomic: boolean;
  readonly fields: ReadonlyMap<string, SchemaField>;
}

export interface SchemaField {
  readonly type: SchemaType;
  /** How server-side apply merges a list (structured-merge-diff); lists are atomic unless they say otherwise. */
  readonly list: 'atomic' | 'set' | 'map';
  /** Keys of a list that is merged as a map. */
  readonly keys: readonly string[];
  /** A map or structure that is merged as one value. */
  readonly isAtomic: boolean;
  /** Strategic merge of a list: by this key; empty for lists of scalars; undefined where a patch replaces the list. */
  readonly mergeKey: string | undefined;
  /** Strategies of strategic merge patches beside `merge`. */
  readonly strategies: readonly ('retainKeys' | 'replace')[];
}

/** What is merged where nothing is known: lists are replaced. */
export const anyField: SchemaField = {
  type: { kind: 'any' },
  list: 'atomic',
  keys: [],
  isAtomic: false,
  mergeKey: undefined,
  strategies: [],
};

/** API groups whose section bears another name. */
const sectionNames: Readonly<Record<string, string>> = {
  '': 'core',
  'admissionregistration.k8s.io': 'admissionregistration',
  'authentication.k8s.io': 'authentication',
  'authorization.k8s.io': 'authorization',
  'certificates.k8s.io': 'certificates',
  'coordination.k8s.io': 'coordination',
  'discovery.k8s.io': 'discovery',
  'events.k8s.io': 'events',
  'flowcontrol.apiserver.k8s.io': 'flowcontrol',
  'networking.k8s.io': 'networking',
  'node.k8s.io': 'node',
  'rbac.authorization.k8s.io': 'rbac',
  'resource.k8s.io': 'resource',
  'scheduling.k8s.io': 'scheduling',
  'storage.k8s.io': 'storage',
  apps: 'apps',
  autoscaling: 'autoscaling',
  batch: 'batch',
  policy: 'policy',
};

/** Values of keys that may be left out of the elements of a list (`default` in the API's schema). */
export const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

/** Lines of the table by full name of the type. */
let lines: ReadonlyMap<string, string> | undefined;
const structures = new Map<string, StructureType>();

function linesOfTable(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let section = '';
  for (const line of builtInTypes.trim().split('\n')) {
    if (line.startsWith('# ')) section = line.slice(2);
    else found.set(`${section}.${/^\w+/.exec(line)?.[0] ?? ''}`, line);
  }
  return found;
}

/** The type of a kind; undefined for kinds that are not built in, or not in that version. */
export function builtInKind(kind: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): StructureType | undefined {
  const section = Object.hasOwn(sectionNames, kind.group) ? sectionNames[kind.group] : undefined;
  if (section === undefined) return undefined;
  const type = builtInStructure(`${section}/${kind.version}.${kind.kind}`);
  return type?.fields.has('apiVersion') === true ? type : undefined;
}

/** The type of an object by its apiVersion and kind. */
export function schemaOf(object: {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}): StructureType | undefined {
  if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') return undefined;
  const slash = object.apiVersion.indexOf('/');
  const group = slash === -1 ? '' : object.apiVersion.slice(0, slash);
  return builtInKind({ group, version: object.apiVersion.slice(slash + 1), kind: object.kind });
}

/** A type by its full name: `meta/v1.ObjectMeta`. */
export function builtInStructure(name: string): StructureType | undefined {
  const known = structures.get(name);
  if (known !== undefined) return known;
  lines ??= linesOfTable();
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const [head = '', ...texts] = line.split(' ');
  let fields: ReadonlyMap<string, SchemaField> | undefined;
  const structure: StructureType = {
    kind: 'structure',
    name,
    isAtomic: head.endsWith('*'),
    // Read late: types refer to themselves and to each other.
    get fields() {
      fields ??= new Map(texts.map((text) => readField(text, name.slice(0, name.indexOf('.')))));
      return fields;
    },
  };
  structures.set(name, structure);
  return structure;
}

function readField(text: string, section: string): readonly [string, SchemaField] {
  const colon = text.indexOf(':');
  const [, type = '', list, atomic, merge, strategies = ''] =
    /^([^@*^!~]+)(@[\w,]*)?(\*)?(\^\w*)?([!~]*)$/.exec(text.slice(colon + 1)) ?? [];
  const keys = (list ?? '@').slice(1).split(',').filter(Boolean);
  return [
    text.slice(0, colon),
    {
      type: readType(type, section),
      list: list === undefined ? 'atomic' : keys.length === 0 ? 'set' : 'map',
      keys,
      isAtomic: atomic !== undefined,
      mergeKey: merge?.slice(1),
      strategies: [
        ...(strategies.includes('!') ? (['retainKeys'] as const) : []),
        ...(strategies.includes('~') ? (['replace'] as const) : []),
      ],
    },
  ];
}

const scalars: Readonly<Record<string, ScalarType>> = {
  s: 'string',
  i: 'int',
  b: 'bool',
  d: 'double',
  y: 'bytes',
  t: 'time',
  q: 'quantity',
  x: 'int-or-string',
};

function readType(text: string, section: string): SchemaType {
  if (text.startsWith('[')) return { kind: 'list', element: readType(text.slice(1, -1), section) };
  if (text.startsWith('{')) return { kind: 'map', element: readType(text.slice(1, -1), section) };
  const scalar = scalars[text];
  if (scalar !== undefined) return { kind: 'scalar', scalar };
  return builtInStructure(text.includes('.') ? text : `${section}.${text}`) ?? { kind: 'any' };
}
