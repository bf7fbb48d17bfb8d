// SPDX-License-Identifier: Apache-2.0
// Reads an SPDX document of any version and syntax as the neutral SBOM model: JSON, YAML, tag-value and RDF/XML of 2.x, JSON-LD of 3.0.
import type { SbomDocument } from '../../model/sbom.ts';
import { parseJson } from '../json.ts';
import type { SpdxReading } from './document.ts';
import { parseSpdxJson, parseSpdxYaml, spdxOfValue } from './json.ts';
import { parseSpdxRdf } from './rdf.ts';
import { sbomOfSpdx } from './sbom2.ts';
import { sbomOfSpdx3 } from './sbom3.ts';
import { isSpdx3, spdx3OfValue } from './spdx3.ts';
import { parseSpdxTagValue } from './tag-value.ts';

/** Reads one document. Never throws: bad input gives problems. `path` is used in locations. */
export function readSpdx(text: string, path: string): SbomDocument {
  if (headOf(text).startsWith('{')) {
    const json = parseJson(text, path);
    return isSpdx3(json.value) ? sbomOfSpdx3(spdx3OfValue(json), path) : sbomOfSpdx(spdxOfValue(json), path);
  }
  return sbomOfSpdx(parseSpdx2(text, path), path);
}

/** The tree of a 2.x document in whichever syntax it is written. Never throws. */
export function parseSpdx2(text: string, path: string): SpdxReading {
  const head = headOf(text);
  if (head.startsWith('{')) return parseSpdxJson(text, path);
  if (head.startsWith('<')) return parseSpdxRdf(text, path);
  const isYaml =
    !/^[ \t]*SPDXVersion[ \t]*:/m.test(head) && /^["']?(?:spdxVersion|SPDXID|packages)["']?[ \t]*:/m.test(head);
  return isYaml ? parseSpdxYaml(text, path) : parseSpdxTagValue(text, path);
}

function headOf(text: string): string {
  return text
    .slice(0, 65_536)
    .replace(/^\uFEFF/, '')
    .trimStart();
}
