// SPDX-License-Identifier: Apache-2.0
// Reads code rules: the shipped ones, and files and folders of rules that the user names. Not here: what a rule means (evidence/code).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeRule } from '../../evidence/code/code-rule.ts';
import { parseCodeRules } from '../../evidence/code/rule-file.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';

export interface CodeRules {
  readonly rules: readonly CodeRule[];
  readonly problems: readonly Problem[];
}

/** Beside the sources, and beside the bundle. */
const shippedPlaces: readonly string[] = ['../../../rules/code', '../rules/code'];

/** The rules that come with the program. */
export function shippedCodeRules(): CodeRules {
  const folder = shippedPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
  if (folder === undefined)
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: 'the shipped code rules are missing (rules/code)' });
  return readRules(ruleFiles(folder, false));
}

/** Rules of the files and folders that `--code-rules` names. Throws CONFIG_INVALID for one that does not exist. */
export function namedCodeRules(names: readonly string[], cwd: string): CodeRules {
  const files = names.flatMap((name) => {
    const path = resolve(cwd, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined)
      throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `there are no code rules at ${name}` });
    return stat.isDirectory() ? ruleFiles(path, true) : [path];
  });
  return readRules(files);
}

function readRules(files: readonly string[]): CodeRules {
  const read = files.map((path) => parseCodeRules(readFileSync(path, 'utf8'), path));
  return { rules: read.flatMap(({ rules }) => rules), problems: read.flatMap(({ problems }) => problems) };
}

function ruleFiles(folder: string, recursive: boolean): string[] {
  return readdirSync(folder, { encoding: 'utf8', recursive })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
