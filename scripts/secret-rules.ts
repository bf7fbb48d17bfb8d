// SPDX-License-Identifier: Apache-2.0
// Writes src/evidence/secrets/shipped-rules.ts from rules/secrets/*.toml: the rules with their expressions translated, so that a hook of a
// few milliseconds neither reads TOML nor parses expressions. A test compares the file with what this gives.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readGitleaksConfig } from '../src/formats/gitleaks-config.ts';
import { translateRe2 } from '../src/formats/re2-to-js.ts';
import type { SecretAllowlist, SecretRule } from '../src/formats/secret-rules.ts';

const folder = fileURLToPath(new URL('../rules/secrets', import.meta.url));
const target = fileURLToPath(new URL('../src/evidence/secrets/shipped-rules.ts', import.meta.url));

/** Rules of all files, in the order of the files. Throws when one cannot be used. */
export function readShippedRules(): readonly SecretRule[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.toml'));
  return files.sort().flatMap((file) => {
    const { ruleSet, problems } = readGitleaksConfig(readFileSync(join(folder, file), 'utf8'), file);
    if (ruleSet === undefined || problems.length > 0) throw new Error(`${file}: ${problems[0]?.message}`);
    return ruleSet.rules.map(withTranslation);
  });
}

function withTranslation(rule: SecretRule): SecretRule {
  if (rule.regex === undefined) return rule;
  const translation = translateRe2(rule.regex, rule.keywords);
  if (translation.kind === 'refused') throw new Error(`${rule.id}: ${translation.reason}`);
  return { ...rule, translated: translation.pattern };
}

/** What is usual is left out, and put back when the rules are read. */
export function compact(rule: SecretRule): string {
  const {
    tags: _tags,
    skipReport: _skipReport,
    required: _required,
    allowlists,
    secretGroup: _secretGroup,
    entropy,
    ...rest
  } = rule;
  const lists = allowlists.map(compactList);
  return JSON.stringify({
    ...rest,
    ...(entropy === 0 ? {} : { entropy }),
    ...(lists.length === 0 ? {} : { allowlists: lists }),
  });
}

function compactList(list: SecretAllowlist): object {
  return Object.fromEntries(
    Object.entries(list).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== '')),
  );
}

/** As the formatter would have it. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function moduleText(): string {
  const lines = readShippedRules().map((rule) => `  ${quoted(compact(rule))},`);
  return `// SPDX-License-Identifier: Apache-2.0
// Written by scripts/secret-rules.ts from rules/secrets/*.toml; do not edit.

/** One rule a line, as JSON. */
export const shippedRules: readonly string[] = [
${lines.join('\n')}
];
`;
}

if (import.meta.main) {
  const text = moduleText();
  writeFileSync(target, text);
  console.log(`${target}: ${text.length} bytes`);
}
