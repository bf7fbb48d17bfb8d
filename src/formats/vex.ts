// SPDX-License-Identifier: Apache-2.0
// Recognises VEX documents by their marks and reads them with the reader that fits.
import type { VexDocument } from '../model/vex.ts';
import { asObject, asString } from './document.ts';
import { parseJson } from './json.ts';

/** Undefined when the text is none of OpenVEX, CSAF 2.0, CycloneDX. */
export async function readVex(text: string, path: string): Promise<VexDocument | undefined> {
  if (/^\s*</.test(text.slice(0, 1000))) return (await import('./cyclonedx/vex.ts')).readCycloneDxVex(text, path);
  const root = asObject(parseJson(text, path).value);
  if (root === undefined) return undefined;
  if (root['bomFormat'] === 'CycloneDX') return (await import('./cyclonedx/vex.ts')).readCycloneDxVex(text, path);
  if (asObject(root['document'])?.['csaf_version'] !== undefined)
    return (await import('./csaf.ts')).readCsaf(text, path);
  const context = root['@context'] ?? asObject(root['predicate'])?.['@context'];
  const isOpenVex =
    (typeof context === 'string' && context.includes('openvex')) ||
    asString(root['predicateType'])?.includes('openvex') === true;
  return isOpenVex ? (await import('./openvex.ts')).readOpenVex(text, path) : undefined;
}
