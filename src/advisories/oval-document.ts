// SPDX-License-Identifier: Apache-2.0
// OVAL 5 documents of distributions (rpm and dpkg tests): the definitions, each with the packages that its criteria name. Tests are followed to
// their object (names) and state (version, architecture); the comments of criteria say which module or release must be there.
import type { XmlPart } from '../formats/xml-parts.ts';
import { eachXmlPart, partOf, partsOf, partText } from '../formats/xml-parts.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';

export interface OvalPackage {
  readonly name: string;
  /** First version that is not affected; absent where the package is affected in whatever version. */
  readonly fixed?: string;
  readonly architectures: readonly string[];
  /** `nodejs:18`. */
  readonly module?: string;
  /** Release that a criterion above asks for: `Oracle Linux 8 is installed`. */
  readonly platform?: string;
  /** The words of the criterion. */
  readonly comment: string;
}

export interface OvalDefinition {
  readonly id: string;
  /** `patch`, `vulnerability`, `inventory` ... */
  readonly kind: string;
  readonly metadata: XmlPart | undefined;
  readonly platforms: readonly string[];
  readonly packages: readonly OvalPackage[];
}

interface Test {
  readonly object: string;
  readonly states: readonly string[];
  readonly isPackage: boolean;
}

interface State {
  readonly fixed?: string;
  readonly architectures: readonly string[];
  readonly isBound: boolean;
}

interface Tables {
  readonly tests: Map<string, Test>;
  /** Names of packages by object. */
  readonly objects: Map<string, readonly string[]>;
  readonly objectVariables: Map<string, string>;
  readonly states: Map<string, State>;
  readonly variables: Map<string, readonly string[]>;
}

/** Reads the text twice: definitions stand before what they refer to. */
export function eachOvalDefinition(
  text: string,
  path: string,
  onDefinition: (definition: OvalDefinition) => void,
): readonly Problem[] {
  const tables: Tables = {
    tests: new Map(),
    objects: new Map(),
    objectVariables: new Map(),
    states: new Map(),
    variables: new Map(),
  };
  const problems = eachXmlPart(text, path, { depth: 2, onPart: (part) => addTo(tables, part) });
  eachXmlPart(text, path, {
    depth: 2,
    onPart: (part) => {
      if (part.name === 'definition') onDefinition(definitionOf(part, tables));
    },
  });
  return problems;
}

function addTo(tables: Tables, part: XmlPart): void {
  const id = part.attributes['id'] ?? '';
  if (part.name.endsWith('_test')) {
    tables.tests.set(id, {
      object: partOf(part, 'object')?.attributes['object_ref'] ?? '',
      states: partsOf(part, 'state').map((state) => state.attributes['state_ref'] ?? ''),
      isPackage:
        /^(?:rpminfo|dpkginfo|rpmverify)/.test(part.name) && part.attributes['check_existence'] !== 'none_exist',
    });
  } else if (part.name.endsWith('_object')) {
    const name = partOf(part, 'name');
    const variable = name?.attributes['var_ref'];
    if (variable !== undefined) tables.objectVariables.set(id, variable);
    else if (name !== undefined) tables.objects.set(id, [name.text.trim()]);
  } else if (part.name.endsWith('_state')) tables.states.set(id, stateOf(part));
  else if (part.name === 'constant_variable')
    tables.variables.set(
      id,
      partsOf(part, 'value').map((value) => value.text.trim()),
    );
}

function stateOf(part: XmlPart): State {
  const evr = partOf(part, 'evr');
  const architecture = partOf(part, 'arch');
  const isBound = evr !== undefined && evr.attributes['operation'] === 'less than';
  // `aarch64|x86_64`, a pattern of alternatives.
  const architectures = (architecture?.text ?? '')
    .trim()
    .split('|')
    .filter((name) => /^[a-z0-9_]{2,20}$/i.test(name));
  return { architectures, isBound, ...(isBound ? { fixed: evr.text.trim() } : {}) };
}

function definitionOf(part: XmlPart, tables: Tables): OvalDefinition {
  const metadata = partOf(part, 'metadata');
  const packages: OvalPackage[] = [];
  const above: Above = { module: undefined, platform: undefined, architectures: [] };
  for (const criteria of partsOf(part, 'criteria')) walk(criteria, above, { tables, packages, depth: 0 });
  return {
    id: part.attributes['id'] ?? '',
    kind: part.attributes['class'] ?? '',
    metadata,
    platforms: partsOf(metadata, 'affected').flatMap((affected) =>
      partsOf(affected, 'platform').map((platform) => platform.text.trim()),
    ),
    packages,
  };
}

interface Above {
  readonly module: string | undefined;
  readonly platform: string | undefined;
  readonly architectures: readonly string[];
}

interface Walk {
  readonly tables: Tables;
  readonly packages: OvalPackage[];
  readonly depth: number;
}

/** What the criteria of an AND ask for holds for all beside and below them. */
function walk(criteria: XmlPart, above: Above, { tables, packages, depth }: Walk): void {
  if (depth > defaultLimits.depth) return;
  const criterions = partsOf(criteria, 'criterion').filter((one) => one.attributes['negate'] !== 'true');
  const isAnd = (criteria.attributes['operator'] ?? 'AND').toUpperCase() === 'AND';
  const here = isAnd ? criterions.reduce(conditionOf, above) : above;
  for (const criterion of criterions) {
    for (const one of packagesOf(criterion, tables)) {
      packages.push({
        ...one,
        architectures: one.architectures.length === 0 ? here.architectures : one.architectures,
        ...(here.module === undefined ? {} : { module: here.module }),
        ...(here.platform === undefined ? {} : { platform: here.platform }),
      });
    }
  }
  for (const inner of partsOf(criteria, 'criteria')) walk(inner, here, { tables, packages, depth: depth + 1 });
}

function conditionOf(above: Above, { attributes }: XmlPart): Above {
  const comment = attributes['comment'] ?? '';
  const module = /^Module ([^\s:]{1,100}:[^\s:]{1,100}) is enabled/.exec(comment)?.[1];
  if (module !== undefined) return { ...above, module };
  const platform = /^(.{3,80}?) is installed$/.exec(comment)?.[1];
  if (platform !== undefined && /\s\d/.test(platform)) return { ...above, platform };
  const architecture = / arch is ([a-z0-9_]{2,20})$/i.exec(comment)?.[1];
  return architecture === undefined ? above : { ...above, architectures: [architecture] };
}

/** Packages with a bound on their version; those without one where the words say that they are affected all the same. */
function packagesOf({ attributes }: XmlPart, tables: Tables): readonly OvalPackage[] {
  const test = tables.tests.get(attributes['test_ref'] ?? '');
  if (test === undefined || !test.isPackage) return [];
  const comment = attributes['comment'] ?? '';
  const states = test.states.map((id) => tables.states.get(id)).filter((state) => state !== undefined);
  const bound = states.find((state) => state.isBound);
  const isOpen =
    states.length === 0 &&
    /\b(?:is (?:affected|related to)|may (?:be )?affected|needs fixing|is installed)/.test(comment);
  if (bound === undefined && !isOpen) return [];
  const variable = tables.objectVariables.get(test.object);
  const names = variable === undefined ? tables.objects.get(test.object) : tables.variables.get(variable);
  return (names ?? []).map((name) => ({
    name,
    architectures: states.flatMap((state) => state.architectures),
    comment,
    ...(bound?.fixed === undefined ? {} : { fixed: bound.fixed }),
  }));
}

/** Trimmed text of an element of the metadata's `advisory`, where vendors keep severity and dates. */
export function advisoryText(definition: OvalDefinition, name: string): string {
  return partText(partOf(definition.metadata, 'advisory'), name);
}
