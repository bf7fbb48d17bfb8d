// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects as a YAML stream that kubectl reads: words that an older reader would take for booleans or numbers are quoted.
import { dump } from 'js-yaml';

/** One document for each object, each after a `---`; nothing for none. Members that are undefined are left out. */
export function printKubernetesYaml(objects: readonly Readonly<Record<string, unknown>>[]): string {
  return objects.map((object) => `---\n${dump(object, { lineWidth: 120, noRefs: true, skipInvalid: true })}`).join('');
}
