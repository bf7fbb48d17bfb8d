// SPDX-License-Identifier: Apache-2.0
// Finds and reads files of code rules: the shipped ones, and files and folders that the user names. What a rule means is in evidence/code.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LandwaiterError } from '../../model/error.ts';

export interface CodeRuleText {
  readonly path: string;
  readonly text: string;
}

/** Beside the sources, and beside the bundle. */
const shippedPlaces: readonly string[] = ['../../../rules/code', '../rules/code'];

/** The rule files that come with the program. */
export function shippedCodeRules(): readonly CodeRuleText[] {
  const folder = shippedPlaces
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
  if (folder === undefined)
    throw new LandwaiterError({ code: 'CONFIG_INVALID', message: 'the shipped code rules are missing (rules/code)' });
  return ruleFiles(folder, 'top').map(readText);
}

/** Files that `--code-rules` names, and those in folders it names. Throws CONFIG_INVALID for a name that leads nowhere. */
export function namedCodeRules(names: readonly string[], cwd: string): readonly CodeRuleText[] {
  return names
    .flatMap((name) => {
      const path = resolve(cwd, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined)
        throw new LandwaiterError({ code: 'CONFIG_INVALID', message: `there are no code rules at ${name}` });
      return stat.isDirectory() ? ruleFiles(path, 'all') : [path];
    })
    .map(readText);
}

function readText(path: string): CodeRuleText {
  return { path, text: readFileSync(path, 'utf8') };
}

function ruleFiles(folder: string, depth: 'top' | 'all'): string[] {
  return readdirSync(folder, { encoding: 'utf8', recursive: depth === 'all' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
