// SPDX-License-Identifier: Apache-2.0
// Recognises SBOM documents by name and content, and loads the reader that fits. Readers are loaded only when needed: some are large.
import type { Problem } from '../model/problem.ts';
import type { SbomDocument, SbomFormat, SbomReader } from '../model/sbom.ts';
import { attestedText } from './attested-sbom.ts';

export interface SbomFormatEntry {
  readonly format: SbomFormat;
  readonly syntax: 'json' | 'xml' | 'text';
  /** Looks at the first characters of the text only. */
  readonly matches: (head: string, path: string) => boolean;
  readonly load: () => Promise<SbomReader>;
}

/** In the order they are tried: those with an unmistakable mark first. */
export const sbomFormats: readonly SbomFormatEntry[] = [
  {
    format: 'cyclonedx',
    syntax: 'json',
    matches: (head) =>
      isJson(head) && (/"bomFormat"\s*:\s*"CycloneDX"/.test(head) || /cyclonedx\.org\/schema\/bom/.test(head)),
    load: async () => (await import('./cyclonedx/read-sbom.ts')).readCycloneDx,
  },
  {
    format: 'cyclonedx',
    syntax: 'xml',
    matches: (head) => head.startsWith('<') && /cyclonedx\.org\/schema\/bom\//.test(head),
    load: async () => (await import('./cyclonedx/read-sbom.ts')).readCycloneDx,
  },
  {
    format: 'cyclonedx',
    syntax: 'text',
    matches: (head) => /^[ \t]*spec_version[ \t]*:[ \t]*["']1\.[0-9]["']/m.test(head),
    load: async () => (await import('./cyclonedx/read-sbom.ts')).readCycloneDx,
  },
  {
    format: 'spdx',
    syntax: 'json',
    matches: (head) => isJson(head) && /"(?:spdxVersion|SPDXID|spdxId)"\s*:|spdx\.org\/rdf\/3/.test(head),
    load: async () => (await import('./spdx/sbom.ts')).readSpdx,
  },
  {
    format: 'spdx',
    syntax: 'xml',
    matches: (head) => head.startsWith('<') && /spdx\.org\/rdf\/terms/.test(head),
    load: async () => (await import('./spdx/sbom.ts')).readSpdx,
  },
  {
    format: 'spdx',
    syntax: 'text',
    matches: (head) => /^[ \t]*["']?(?:SPDXVersion|spdxVersion)["']?[ \t]*:[ \t]*["']?SPDX-/m.test(head),
    load: async () => (await import('./spdx/sbom.ts')).readSpdx,
  },
  {
    format: 'syft',
    syntax: 'json',
    matches: (head) => isJson(head) && /"artifacts"\s*:\s*\[/.test(head),
    load: async () => (await import('./syft-json.ts')).readSyftJson,
  },
  {
    format: 'github',
    syntax: 'json',
    matches: (head) => isJson(head) && /"manifests"\s*:\s*\{/.test(head) && /"(?:detector|job|scanned)"\s*:/.test(head),
    load: async () => (await import('./github-snapshot.ts')).readGithubSnapshot,
  },
  {
    format: 'purls',
    syntax: 'text',
    matches: (head) => /^(?:#[^\n]*\n\s*)*pkg:[A-Za-z]/.test(head),
    load: async () => (await import('./purl-list.ts')).readPurlList,
  },
];

/** How much of a document is looked at to recognise it. */
const headLength = 65_536;

/** The format of an SBOM text, or undefined when it is none that is known. */
export function detectSbomFormat(text: string, path: string): SbomFormatEntry | undefined {
  const head = text
    .slice(0, headLength)
    .replace(/^\uFEFF/, '')
    .trimStart();
  return sbomFormats.find((entry) => entry.matches(head, path));
}

/** Reads an SBOM of any known format, bare or inside an attestation; undefined when the text is none. */
export async function readSbom(text: string, path: string): Promise<SbomDocument | undefined> {
  const attested = attestedText(text);
  const entry = detectSbomFormat(attested ?? text, path);
  if (entry === undefined) return undefined;
  const read = await entry.load();
  const document = read(attested ?? text, path);
  if (attested === undefined) return document;
  const message = 'the SBOM was taken out of an attestation; its signature was not verified';
  const remark: Problem = { kind: 'unsupported', message, location: { path }, hidesFindings: false };
  return { ...document, problems: [...document.problems, remark] };
}

function isJson(head: string): boolean {
  return head.startsWith('{');
}
