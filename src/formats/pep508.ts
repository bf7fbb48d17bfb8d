// SPDX-License-Identifier: Apache-2.0
// Dependency specifiers of Python (https://packaging.python.org/specifications/dependency-specifiers, PEP 508) and the version
// specifiers inside them (PEP 440). Reads one requirement; it neither evaluates markers nor orders versions.

export interface PythonRequirement {
  /** As written, not normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** `>= 1.0, < 2` without parentheses; empty when any version will do. */
  readonly specifier: string;
  /** Direct reference: `name @ https://…`. */
  readonly url?: string;
  /** Environment marker, without the semicolon. */
  readonly marker?: string;
}

export interface VersionClause {
  readonly operator: string;
  readonly version: string;
}

const longestRequirement = 4_096;

/** Reads a requirement; undefined when the text is not one. A version that PEP 440 would refuse is accepted as text. */
export function parseRequirement(text: string): PythonRequirement | undefined {
  if (text.length > longestRequirement) return undefined;
  const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(text)?.[1];
  if (name === undefined || !/[A-Za-z0-9]$/.test(name)) return undefined;
  let rest = text.slice(text.indexOf(name) + name.length).trimStart();

  let extras: string[] = [];
  if (rest.startsWith('[')) {
    const close = rest.indexOf(']');
    if (close === -1) return undefined;
    extras = splitList(rest.slice(1, close));
    rest = rest.slice(close + 1).trimStart();
  }

  if (rest.startsWith('@')) {
    const { before: url, after: marker } = cutUrl(rest.slice(1).trim());
    return url === '' ? undefined : { name, extras, specifier: '', url, ...optional('marker', marker) };
  }

  const semicolon = rest.indexOf(';');
  const marker = semicolon === -1 ? '' : rest.slice(semicolon + 1).trim();
  let specifier = (semicolon === -1 ? rest : rest.slice(0, semicolon)).trim();
  // Found in the wild, and read by Syft: a version and a direct reference together.
  const at = specifier.search(/\s@\s/);
  const url = at === -1 ? '' : specifier.slice(at + 2).trim();
  if (at !== -1) specifier = specifier.slice(0, at).trim();
  if (specifier.startsWith('(') && specifier.endsWith(')')) specifier = specifier.slice(1, -1).trim();
  if (specifier !== '' && parseSpecifier(specifier) === undefined) return undefined;
  return { name, extras, specifier, ...optional('url', url), ...optional('marker', marker) };
}

/** Splits `>=1.0, !=1.5` into clauses; undefined when a clause is not `operator version`. An empty text has no clauses. */
export function parseSpecifier(specifier: string): readonly VersionClause[] | undefined {
  const clauses: VersionClause[] = [];
  for (const part of splitList(specifier)) {
    const match = /^(===|==|~=|!=|<=|>=|<|>)\s*([A-Za-z0-9.*+!_-]+)$/.exec(part);
    const operator = match?.[1];
    const version = match?.[2];
    if (operator === undefined || version === undefined || !/[A-Za-z0-9*]/.test(version)) return undefined;
    clauses.push({ operator, version });
  }
  return clauses;
}

/** The one version a specifier admits (`==1.2`, `===1.2`); undefined for ranges and wildcards. */
export function pinnedVersion(specifier: string): string | undefined {
  const clauses = parseSpecifier(specifier) ?? [];
  return clauses.find(({ operator, version }) => /^===?$/.test(operator) && !version.includes('*'))?.version;
}

/**
 * The lowest version that a range names: `>=1.2` and `~=1.2` give 1.2, `==2.0.*` gives 2.0.0.
 * Undefined when nothing bounds it from below, or only `>`, which excludes the version it names.
 */
export function lowestVersion(specifier: string): string | undefined {
  const clauses = parseSpecifier(specifier) ?? [];
  const bound = clauses.find(({ operator, version }) => /^(?:>=|~=)$/.test(operator) && !version.includes('*'));
  if (bound !== undefined) return bound.version;
  const wildcard = clauses.find(({ operator, version }) => operator === '==' && /^[^*]+\.\*$/.test(version));
  return wildcard?.version.replace(/\*$/, '0');
}

/** The extra that a marker asks for (`extra == "name"`); undefined when it speaks of none. */
export function markerExtra(marker: string): string | undefined {
  return /\bextra\s*==\s*["']([A-Za-z0-9._-]+)["']/.exec(marker)?.[1];
}

/** A URL ends at white space before a semicolon (PEP 508, "url_req"). */
function cutUrl(text: string): { before: string; after: string } {
  const at = text.search(/\s;|;\s/);
  if (at === -1) return { before: text, after: '' };
  return { before: text.slice(0, at).trim(), after: text.slice(text.indexOf(';', at) + 1).trim() };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function optional<K extends string>(key: K, value: string): Partial<Record<K, string>> {
  return value === '' ? {} : ({ [key]: value } as Record<K, string>);
}
