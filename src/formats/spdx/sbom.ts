// SPDX-License-Identifier: Apache-2.0
// Reads an SPDX document of any version and syntax as the neutral SBOM model: JSON, YAML, tag-value and RDF/XML of 2.x, JSON-LD of 3.0.
import type { SbomDocument } from '../../model/sbom.ts';
import { parseJson } from '../json.ts';
import type { SpdxReading } from './document.ts';
import { parseSpdxYaml, spdxOfValue } from './json.ts';
import { parseSpdxRdf } from './rdf.ts';
import { sbomOfSpdx } from './sbom2.ts';
import { sbomOfSpdx3 } from './sbom3.ts';
import { isSpdx3, spdx3OfValue } from './spdx3.ts';
import { parseSpdxTagValue } from './tag-value.ts';

/** Reads one document. Never throws: bad input gives problems. `path` is used in locations. */
export function readSpdx(text: string, path: string): SbomDocument {
  const head = text
    .slice(0, 65_536)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (head.startsWith('{')) {
    const json = parseJson(text, path);
    return isSpdx3(json.value) ? sbomOfSpdx3(spdx3OfValue(json), path) : sbomOfSpdx(spdxOfValue(json), path);
  }
  return sbomOfSpdx(readText(head, text, path), path);
}

function readText(head: string, text: string, path: string): SpdxReading {
  if (head.startsWith('<')) return parseSpdxRdf(text, path);
  const isYaml =
    !/^[ \t]*SPDXVersion[ \t]*:/m.test(head) && /^["']?(?:spdxVersion|SPDXID|packages)["']?[ \t]*:/m.test(head);
  return isYaml ? parseSpdxYaml(text, path) : parseSpdxTagValue(text, path);
}
