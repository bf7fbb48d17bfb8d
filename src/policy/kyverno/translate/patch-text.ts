// SPDX-License-Identifier: Apache-2.0
// The text of patchesJson6902: YAML or JSON, a list of operations.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import { parseYaml } from '../../../formats/yaml.ts';

/** The operations; undefined when the text is no list of maps. Never throws. */
export function parseJsonOrYaml(text: string): readonly JsonObject[] | undefined {
  const [document] = parseYaml(text, 'patchesJson6902');
  const value = document?.value;
  if (!Array.isArray(value)) return undefined;
  const operations = value.map(asObject).filter((item) => item !== undefined);
  return operations.length === value.length ? operations : undefined;
}
