// SPDX-License-Identifier: Apache-2.0
// What a pyproject.toml asks for: the [project] table (PEP 621), dependency groups (PEP 735), Poetry's and PDM's own tables, and the
// build system (PEP 518). https://packaging.python.org/specifications/pyproject-toml
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings, entriesOf } from '../../formats/document.ts';
import type { PythonRequirement } from '../../formats/pep508.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import type { Scope } from '../../model/package.ts';

export interface PyprojectNeed {
  readonly requirement: PythonRequirement;
  /** The requirement as written, or the key of Poetry's table: what to look for in the file. */
  readonly written: string;
  readonly scope: Scope;
  /** Extra or dependency group; absent for what is always needed. */
  readonly group?: string;
  /** Commit of a git dependency of Poetry. */
  readonly commit?: string;
}

export interface Pyproject {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly license: string | undefined;
  readonly description: string | undefined;
  readonly needs: readonly PyprojectNeed[];
  /** Texts that stand where a requirement should. */
  readonly unreadable: readonly string[];
}

/** Reads the parsed TOML of a pyproject.toml. Local folders (`path = ".."`) are not needs: they have manifests of their own. */
export function readPyproject(value: JsonObject | undefined): Pyproject {
  const project = asObject(value?.['project']);
  const tool = asObject(value?.['tool']);
  const poetry = asObject(tool?.['poetry']);
  const reading: Reading = { needs: [], unreadable: [] };
  readStandard(value, project, reading);
  readPoetry(poetry, reading);
  for (const [group, list] of entriesOf(asObject(tool?.['pdm'])?.['dev-dependencies'])) {
    addAll(reading, asStrings(list), 'development', group);
  }
  addAll(reading, asStrings(asObject(tool?.['uv'])?.['dev-dependencies']), 'development', 'dev');
  const license = project?.['license'] ?? poetry?.['license'];
  return {
    name: asString(project?.['name']) ?? asString(poetry?.['name']),
    version: asString(project?.['version']) ?? asString(poetry?.['version']),
    license: asString(license) ?? asString(asObject(license)?.['text']),
    description: asString(project?.['description']) ?? asString(poetry?.['description']),
    ...reading,
  };
}

interface Reading {
  readonly needs: PyprojectNeed[];
  readonly unreadable: string[];
}

function readStandard(value: JsonObject | undefined, project: JsonObject | undefined, reading: Reading): void {
  addAll(reading, asStrings(project?.['dependencies']), 'runtime');
  for (const [group, list] of entriesOf(project?.['optional-dependencies'])) {
    addAll(reading, asStrings(list), 'optional', group);
  }
  for (const [group, list] of entriesOf(value?.['dependency-groups'])) {
    // Members that are tables (`{include-group = "test"}`) name other groups, which are read on their own.
    addAll(reading, asStrings(list), 'development', group);
  }
  addAll(reading, asStrings(asObject(value?.['build-system'])?.['requires']), 'build', 'build-system');
}

function addAll(reading: Reading, texts: readonly string[], scope: Scope, group?: string): void {
  for (const text of texts) {
    const requirement = parseRequirement(text);
    if (requirement === undefined) reading.unreadable.push(text);
    else reading.needs.push({ requirement, written: text, scope, ...(group === undefined ? {} : { group }) });
  }
}

function readPoetry(poetry: JsonObject | undefined, reading: Reading): void {
  addPoetry(reading, poetry?.['dependencies'], 'runtime');
  addPoetry(reading, poetry?.['dev-dependencies'], 'development', 'dev');
  for (const [group, table] of entriesOf(poetry?.['group'])) {
    addPoetry(reading, asObject(table)?.['dependencies'], 'development', group);
  }
}

function addPoetry(reading: Reading, table: unknown, scope: Scope, group?: string): void {
  for (const [name, value] of entriesOf(table)) {
    // The interpreter itself.
    if (name === 'python') continue;
    // Several entries for one name differ by marker.
    for (const item of Array.isArray(value) ? value : [value]) {
      const need = poetryNeed(name, item, scope);
      if (need !== undefined) reading.needs.push({ ...need, ...(group === undefined ? {} : { group }) });
    }
  }
}

/** `"^1.2"` or `{version, extras, markers, optional, git, rev, url}`. */
function poetryNeed(name: string, value: unknown, scope: Scope): PyprojectNeed | undefined {
  const table = asObject(value) ?? { version: value };
  if (table['path'] !== undefined) return undefined;
  const git = asString(table['git']);
  const url = git === undefined ? asString(table['url']) : `git+${git}`;
  const marker = asString(table['markers']);
  const commit = asString(table['rev']);
  const requirement: PythonRequirement = {
    name,
    extras: asStrings(table['extras']),
    specifier: pepSpecifier(asString(table['version']) ?? ''),
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined ? {} : { marker }),
  };
  return {
    requirement,
    written: name,
    scope: table['optional'] === true ? 'optional' : scope,
    ...(commit === undefined || !/^[0-9a-f]{40}$/.test(commit) ? {} : { commit }),
  };
}

/** In Poetry a bare version is an exact one, and `*` is any. Carets and tildes stay as they are. */
function pepSpecifier(constraint: string): string {
  const trimmed = constraint.trim();
  if (trimmed === '*') return '';
  return /^[0-9][A-Za-z0-9.!+_-]*$/.test(trimmed) ? `==${trimmed}` : trimmed;
}
