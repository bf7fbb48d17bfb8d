// SPDX-License-Identifier: Apache-2.0
// OVAL definitions of distributions: Red Hat, Oracle Linux, SUSE and openSUSE, Ubuntu, Debian, Azure Linux and CBL-Mariner.
import type { XmlPart } from '../../formats/xml-parts.ts';
import { partOf, partsOf, partText } from '../../formats/xml-parts.ts';
import type { AdvisorySeverity, AffectedPackage } from '../../model/advisory.ts';
import { releasesOf } from '../distributions.ts';
import type { FeedOutput, FeedRecord } from '../feed.ts';
import { defineFeed } from '../feed.ts';
import {
  affectedPackage,
  cveOf,
  cwesOf,
  dateTimeOf,
  isIdentifier,
  otherIds,
  severitiesOf,
  severityOfVector,
  severityOfWord,
} from '../feed-facts.ts';
import type { OvalDefinition, OvalPackage } from '../oval-document.ts';
import { advisoryText, eachOvalDefinition } from '../oval-document.ts';

export const oval = defineFeed({
  id: 'oval',
  title: 'OVAL definitions of distributions, XML',
  recognises: ({ value }) =>
    typeof value === 'string' && /<(?:\w{1,20}:)?oval_definitions[\s>]/.test(value.slice(0, 4_000)),
  read: readDocument,
});

interface System {
  /** What the platform of a definition, or of a criterion, is called; the groups are its release. */
  readonly platform: RegExp;
  readonly source: string;
  readonly ecosystem: (release: string, pack: string | undefined) => string | undefined;
}

function releaseOf(id: string, versionId: string): string | undefined {
  return releasesOf({ id, idLike: [], versionId, name: id })[0];
}

const systems: readonly System[] = [
  { platform: /^Red Hat Enterprise Linux (\d{1,2})\b/, source: 'redhat', ecosystem: (release) => `Red Hat:${release}` },
  { platform: /^Oracle Linux (\d{1,2})\b/, source: 'oracle', ecosystem: (release) => `Oracle Linux:${release}` },
  { platform: /^AlmaLinux(?: OS)? (\d{1,2})\b/, source: 'almalinux', ecosystem: (release) => `AlmaLinux:${release}` },
  { platform: /^Rocky Linux (\d{1,2})\b/, source: 'rocky', ecosystem: (release) => `Rocky Linux:${release}` },
  { platform: /^openSUSE Leap (\d{1,2}\.\d)\b/, source: 'suse', ecosystem: (release) => `openSUSE:Leap ${release}` },
  { platform: /^openSUSE Tumbleweed()/, source: 'suse', ecosystem: () => 'openSUSE:Tumbleweed' },
  {
    platform:
      /^SUSE (Linux Enterprise (?:Server|Desktop|Micro|Module for [\w &-]{1,60}?) \d{1,2})(?: (SP\d))?(?![\w.])/,
    source: 'suse',
    ecosystem: (product, pack) => `SUSE:${product}${pack === undefined ? '' : ` ${pack}`}`,
  },
  { platform: /^Ubuntu (\d{2}\.\d{2})\b/, source: 'ubuntu', ecosystem: (release) => releaseOf('ubuntu', release) },
  {
    platform: /^Debian GNU\/Linux (\d{1,2})\b/,
    source: 'debian',
    ecosystem: (release) => releaseOf('debian', release),
  },
  // Their platforms come without a release: it stands in the mark of the build, else in the name of the file.
  {
    platform: /^Azure Linux(?: (\d))?/,
    source: 'azure-linux',
    ecosystem: (release) => (release === '' ? undefined : `Azure Linux:${release}`),
  },
  {
    platform: /^CBL-Mariner(?: Linux)?(?: (\d))?/,
    source: 'azure-linux',
    ecosystem: (release) => (release === '' ? undefined : `CBL-Mariner:${release}`),
  },
];

function systemOf(platform: string, hint: string): { readonly ecosystem: string; readonly source: string } | undefined {
  for (const { platform: pattern, source, ecosystem } of systems) {
    const match = pattern.exec(platform);
    const name = match === null ? undefined : ecosystem(match[1] ?? hint, match[2]);
    if (name !== undefined) return { ecosystem: name, source };
  }
  return undefined;
}

/** `.azl3`, `.cm2`; `azurelinux-3.0-oval.xml`; empty when nothing tells the release. */
function markOf(version: string | undefined, path: string): string {
  return (
    /\.(?:azl|cm)(\d)(?!\d)/.exec(version ?? '')?.[1] ?? /(?:azurelinux|cbl-mariner)-(\d)\.\d/.exec(path)?.[1] ?? ''
  );
}

function readDocument({ path, value }: FeedRecord, output: FeedOutput): void {
  if (typeof value !== 'string') {
    output.malformed(path, 'not a document of OVAL definitions');
    return;
  }
  const problems = eachOvalDefinition(value, path, (definition) => readDefinition(definition, path, output));
  for (const problem of problems) output.problem(problem);
}

function readDefinition(definition: OvalDefinition, path: string, output: FeedOutput): void {
  if (definition.kind !== 'patch' && definition.kind !== 'vulnerability') {
    output.skip('not an advisory');
    return;
  }
  const { id, cves } = idsOf(definition);
  if (id === undefined) {
    output.malformed(path, `${definition.id.slice(0, 80)} names neither an erratum nor a CVE`);
    return;
  }
  if (/^(?:RH[BE]A|EL[BE]A|AL[BE]A|RL[BE]A)-/.test(id) && cves.length === 0) {
    output.skip('not security');
    return;
  }
  const affected = new Map<string, AffectedPackage>();
  let source: string | undefined;
  for (const item of definition.packages) {
    const hint = markOf(item.fixed, path);
    const own = item.platform === undefined ? undefined : systemOf(item.platform, hint);
    const stated = definition.platforms.map((platform) => systemOf(platform, hint));
    const found = own === undefined ? stated.filter((system) => system !== undefined) : [own];
    if (found.length === 0) output.skip('unknown release');
    for (const system of found) {
      source ??= system.source;
      const one = affectedOf(item, system.ecosystem, definition);
      if (one !== undefined) affected.set(JSON.stringify(one), one);
    }
  }
  if (affected.size === 0 || source === undefined) return;
  const isErratum = !id.startsWith('CVE-') && cves.length > 1;
  const published = dateTimeOf(dateOf(definition, 'issued') || advisoryText(definition, 'public_date'));
  const modified = dateTimeOf(dateOf(definition, 'updated'));
  output.combine({
    id,
    aliases: isErratum ? [] : otherIds(id, cves),
    ...(isErratum ? { fixes: [...new Set(cves)].sort() } : {}),
    source,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    severities: severitiesOf(ratingsOf(definition, { source, isErratum })),
    cwes: isErratum ? [] : cwesOf(cveParts(definition).map((cve) => cve.attributes['cwe'])),
    affected: [...affected.values()],
  });
}

/** The erratum, or the CVE that the definition is about, and all CVEs. */
function idsOf({ metadata, kind }: OvalDefinition): {
  readonly id: string | undefined;
  readonly cves: readonly string[];
} {
  const references = partsOf(metadata, 'reference').map(({ attributes }) => ({
    id: (attributes['ref_id'] ?? '').trim(),
    source: (attributes['source'] ?? '').toUpperCase(),
  }));
  const title = partText(metadata, 'title');
  const named = [...references.map((reference) => reference.id), ...title.split(/[\s:,()]+/)];
  const cves = [...new Set(named.map(cveOf).filter((cve) => cve !== undefined))];
  const erratum = references.find(
    ({ id, source }) => source !== 'CVE' && !/CVE-|BUG/i.test(`${id}${source}`) && isIdentifier(id),
  )?.id;
  // A definition per CVE names the notices beside it; one per erratum leads with the erratum.
  return { id: kind === 'patch' ? (erratum ?? cves[0]) : (cves[0] ?? erratum), cves };
}

function affectedOf(item: OvalPackage, ecosystem: string, definition: OvalDefinition): AffectedPackage | undefined {
  const fixed = item.fixed === undefined || item.fixed === '0' ? undefined : item.fixed.replace(/^0:/, '');
  if (item.fixed !== undefined && fixed === undefined) return undefined;
  return affectedPackage({
    ecosystem,
    name: item.name,
    ranges: [fixed === undefined ? {} : { fixed }],
    fixState: fixed === undefined ? openState(item, definition) : 'fixed',
    architectures: item.architectures,
    ...(item.module === undefined ? {} : { modularity: item.module }),
  });
}

/** Red Hat's unfixed definitions give a resolution per package, Ubuntu's words stand in the comment. */
function openState(item: OvalPackage, { metadata }: OvalDefinition): AffectedPackage['fixState'] {
  const resolutions = partsOf(partOf(partOf(metadata, 'advisory'), 'affected'), 'resolution');
  const own = resolutions.find((resolution) =>
    partsOf(resolution, 'component').some((component) => component.text.trim().split('/').at(-1) === item.name),
  );
  const words = `${own?.attributes['state'] ?? ''} ${item.comment}`.toLowerCase();
  if (/will not fix|decision has been made to ignore|ignored/.test(words)) return 'will-not-fix';
  if (/fix deferred|deferred|postponed/.test(words)) return 'fix-deferred';
  return /out of support|end of (?:life|support)/.test(words) ? 'end-of-life' : 'not-fixed';
}

function cveParts({ metadata }: OvalDefinition): readonly XmlPart[] {
  return partsOf(partOf(metadata, 'advisory'), 'cve');
}

/** The word of the vendor; vectors only where the definition is about one CVE, because each has its own. */
function ratingsOf(
  definition: OvalDefinition,
  { source, isErratum }: { readonly source: string; readonly isErratum: boolean },
): readonly (AdvisorySeverity | undefined)[] {
  const word = advisoryText(definition, 'severity') || partText(definition.metadata, 'severity');
  const vectors = isErratum
    ? []
    : cveParts(definition).flatMap(({ attributes }) =>
        [attributes['cvss3'], attributes['cvss2'], attributes['cvss_vector']].map((text) =>
          severityOfVector(text?.replace(/^\d{1,2}(?:\.\d)?\//, ''), source),
        ),
      );
  return [severityOfWord(word, source), ...vectors];
}

function dateOf({ metadata }: OvalDefinition, name: string): string {
  const element = partOf(partOf(metadata, 'advisory'), name);
  return element?.attributes['date'] ?? element?.text.trim() ?? '';
}
