// SPDX-License-Identifier: Apache-2.0
// Writes src/policy/kubernetes-types/built-in-types.ts from the published Go sources of the Kubernetes API (k8s.io/api and k8s.io/apimachinery, Apache-2.0):
//   node scripts/kubernetes-types.ts K8S_API_FOLDER APIMACHINERY_FOLDER VERSION
// Only facts are taken: names and types of fields, and how lists, maps and structures are merged. The notation is explained in the written file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly tag: string;
  readonly comment: string;
}

interface Structure {
  readonly fields: readonly Field[];
  readonly comment: string;
}

const packages = [
  'admissionregistration/v1',
  'admissionregistration/v1beta1',
  'admissionregistration/v1alpha1',
  'apps/v1',
  'authentication/v1',
  'authorization/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates/v1',
  'coordination/v1',
  'core/v1',
  'discovery/v1',
  'events/v1',
  'flowcontrol/v1',
  'networking/v1',
  'node/v1',
  'policy/v1',
  'rbac/v1',
  'resource/v1',
  'scheduling/v1',
  'storage/v1',
  'meta/v1',
];

/** Go types that are written as one word in JSON. */
const wellKnown: Readonly<Record<string, string>> = {
  'metav1.Time': 't',
  'v1.Time': 't',
  Time: 't',
  'metav1.MicroTime': 't',
  'v1.MicroTime': 't',
  MicroTime: 't',
  'metav1.Duration': 's',
  Duration: 's',
  'resource.Quantity': 'q',
  'intstr.IntOrString': 'x',
  'runtime.RawExtension': '?',
  'types.UID': 's',
  'types.NodeName': 's',
  FieldsV1: '?',
  string: 's',
  bool: 'b',
  int: 'i',
  int32: 'i',
  int64: 'i',
  uint32: 'i',
  uint64: 'i',
  float64: 'd',
  '[]byte': 'y',
  'k8s.io/apimachinery/pkg/runtime.RawExtension': '?',
};

class GoPackage {
  readonly name: string;
  readonly structures = new Map<string, Structure>();
  readonly aliases = new Map<string, string>();
  readonly imports = new Map<string, string>();

  constructor(name: string, text: string) {
    this.name = name;
    for (const [, alias, path = ''] of text.matchAll(/^\s+(\w+ )?"(k8s\.io\/[^"]+)"/gm)) {
      const known = /k8s\.io\/(?:api|apimachinery\/pkg\/apis)\/(.*)$/.exec(path)?.[1];
      if (known !== undefined) this.imports.set((alias ?? path.split('/').at(-1) ?? '').trim(), known);
    }
    const lines = text.split('\n');
    let comment = '';
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      const structure = /^type (\w+) struct \{(\})?/.exec(line);
      const alias = /^type (\w+) (?:= )?([\w.[\]*]+)$/.exec(line);
      if (line.startsWith('//')) comment += `${line}\n`;
      else if (structure !== null) {
        const end = structure[2] === undefined ? lines.indexOf('}', at) : at;
        this.structures.set(structure[1] ?? '', { fields: fieldsOf(lines.slice(at + 1, end)), comment });
        at = end;
        comment = '';
      } else if (alias !== null) this.aliases.set(alias[1] ?? '', alias[2] ?? '');
      else if (line.trim() !== '') comment = '';
    }
  }
}

function fieldsOf(lines: readonly string[]): Field[] {
  const fields: Field[] = [];
  let comment = '';
  for (const line of lines) {
    const text = line.trim();
    const field = /^(\w+)\s+([\w.[\]*]+)\s+`(.*)`/.exec(text);
    const embedded = /^([\w.*]+)\s+`(.*)`/.exec(text);
    if (text.startsWith('//')) comment += `${text}\n`;
    else if (field !== null) {
      fields.push({ name: field[1] ?? '', type: field[2] ?? '', tag: field[3] ?? '', comment });
      comment = '';
    } else if (embedded !== null) {
      fields.push({ name: '', type: embedded[1] ?? '', tag: embedded[2] ?? '', comment });
      comment = '';
    } else if (text !== '') comment = '';
  }
  return fields;
}

const [, , api = '', machinery = '', version = ''] = process.argv;
const all = new Map(
  packages.map((name) => {
    const file = name === 'meta/v1' ? join(machinery, 'pkg/apis/meta/v1/types.go') : join(api, name, 'types.go');
    return [name, new GoPackage(name, readFileSync(file, 'utf8'))] as const;
  }),
);

/** Marks of a comment: `+listType=map` gives `map`. */
function mark(comment: string, name: string): string | undefined {
  return new RegExp(`\\+${name}=(\\w+)`).exec(comment)?.[1];
}

/** `home`: where the Go text stands; `viewer`: the section that the result is written to. */
function typeText(type: string, home: GoPackage, viewer: GoPackage): string {
  const bare = type.replace(/^\*/, '');
  const known = wellKnown[bare];
  if (known !== undefined) return known;
  if (bare.startsWith('[]')) return `[${typeText(bare.slice(2), home, viewer)}]`;
  const map = /^map\[[\w.]+\](.*)$/.exec(bare);
  if (map !== null) return `{${typeText(map[1] ?? '', home, viewer)}}`;
  const { owner, name } = resolveName(bare, home);
  if (owner === undefined) return '?';
  const alias = owner.aliases.get(name);
  if (alias !== undefined) return typeText(alias, owner, viewer);
  if (!owner.structures.has(name)) return '?';
  return owner === viewer ? name : `${owner.name}.${name}`;
}

/** The package that a name means, aliases of structures followed. */
function resolveName(text: string, home: GoPackage): { readonly owner: GoPackage | undefined; readonly name: string } {
  const bare = text.replace(/^\*/, '');
  const dot = bare.indexOf('.');
  const owner = dot === -1 ? home : all.get(home.imports.get(bare.slice(0, dot)) ?? '');
  const name = bare.slice(dot + 1);
  const alias = owner?.aliases.get(name);
  if (owner !== undefined && alias !== undefined && !owner.structures.has(name) && /^\w+\.\w+$/.test(alias))
    return resolveName(alias, owner);
  return { owner, name };
}

function suffix({ tag, comment }: Field): string {
  const listType = mark(comment, 'listType');
  const keys = [...comment.matchAll(/\+listMapKey=(\w+)/g)].map(([, key]) => key);
  const strategies = /patchStrategy:"([^"]*)"/.exec(tag)?.[1]?.split(',') ?? [];
  const mergeKey = /patchMergeKey:"([^"]*)"/.exec(tag)?.[1] ?? '';
  const list = listType === 'map' ? `@${keys.join(',')}` : listType === 'set' ? '@' : '';
  const isAtomic = mark(comment, 'mapType') === 'atomic' || mark(comment, 'structType') === 'atomic';
  const merge = strategies.includes('merge') ? `^${mergeKey}` : '';
  const retain = strategies.includes('retainKeys') ? '!' : '';
  const replace = strategies.includes('replace') ? '~' : '';
  return `${list}${isAtomic ? '*' : ''}${merge}${retain}${replace}`;
}

function fieldTexts(structure: Structure, home: GoPackage, viewer: GoPackage): string[] {
  return structure.fields.flatMap((field) => {
    const json = /json:"([^"]*)"/.exec(field.tag)?.[1]?.split(',') ?? [];
    if (json[0] === '-') return [];
    const isInline = json.includes('inline') || (field.name === '' && (json[0] ?? '') === '');
    if (!isInline) return [`${json[0] ?? ''}:${typeText(field.type, home, viewer)}${suffix(field)}`];
    if (field.type.endsWith('TypeMeta')) return ['kind:s', 'apiVersion:s'];
    const { owner, name } = resolveName(field.type, home);
    const inner = owner?.structures.get(name);
    if (owner === undefined || inner === undefined) throw new Error(`${home.name}: unknown embedded ${field.type}`);
    return fieldTexts(inner, owner, viewer);
  });
}

/** Only what a kind reaches is written; lists of kinds are left out. */
function reachable(): Map<string, Map<string, string>> {
  const written = new Map<string, Map<string, string>>(packages.map((name) => [name, new Map()]));
  const queue: [string, string][] = [];
  for (const [name, { structures }] of all)
    for (const [type, { fields }] of structures)
      if (
        fields.some((field) => field.type.endsWith('TypeMeta')) &&
        fields.some((field) => field.type.endsWith('ObjectMeta'))
      )
        queue.push([name, type]);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [packageName, type] = next;
    const home = all.get(packageName);
    const structure = home?.structures.get(type);
    if (home === undefined || structure === undefined || written.get(packageName)?.has(type) === true) continue;
    const texts = fieldTexts(structure, home, home);
    const isAtomic = mark(structure.comment, 'structType') === 'atomic';
    written.get(packageName)?.set(type, `${type}${isAtomic ? '*' : ''} ${texts.join(' ')}`);
    for (const text of texts)
      for (const [, owner, name = ''] of text.slice(text.indexOf(':')).matchAll(/(?:(\w+\/\w+)\.)?([A-Z]\w+)/g))
        queue.push([owner ?? packageName, name]);
  }
  return written;
}

const sections = [...reachable()]
  .filter(([, types]) => types.size > 0)
  .map(([name, types]) => `# ${name}\n${[...types.values()].sort().join('\n')}`);

writeFileSync(
  new URL('../src/policy/kubernetes-types/built-in-types.ts', import.meta.url),
  `// SPDX-License-Identifier: Apache-2.0
// Fields of the kinds of Kubernetes ${version} and how they are merged. Generated by scripts/kubernetes-types.ts: do not edit.
// A table of data, as long as Kubernetes has types.
// \`# GROUP/VERSION\` begins a section; a line is a type (\`*\`: atomic) with its fields, \`name:TYPE\` and how it is merged.
// TYPE: s string, i integer, b boolean, d double, y bytes, t time, q quantity, x integer or string, ? anything, [T] list, {T} map of T, or a type.
// \`@a,b\` a list as a map by those keys, \`@\` a set, \`*\` atomic; \`^key\` patchStrategy merge by that key, \`!\` retainKeys, \`~\` replace.

/** Version of Kubernetes. */
export const builtInTypesVersion = '${version}';

export const builtInTypes = \`
${sections.join('\n')}
\`;
`,
);
