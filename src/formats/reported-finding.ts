// SPDX-License-Identifier: Apache-2.0
// What the readers of foreign reports share: findings from the facts that a report states, with what it leaves out as unknown.
import type { CvssRating, FixState, PackageReference, VulnerabilityFinding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Package } from '../model/package.ts';
import { parseSeverity } from '../model/severity.ts';
import { subjectOf } from '../model/subject.ts';
import { parseCvss } from './cvss.ts';
import { packageKey } from './cyclonedx/content.ts';

/** The package of a finding as graphs know it. */
export function referenceOf(item: Package, locations: readonly Location[] = item.locations): PackageReference {
  return {
    subject: subjectOf('package', packageKey(item), '').id,
    name: item.name,
    version: item.version,
    type: item.type,
    ...(item.purl === undefined ? {} : { purl: item.purl }),
    locations,
    scope: item.scope,
    path: [item.version === '' ? item.name : `${item.name}@${item.version}`],
  };
}

export interface StatedVulnerability {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: PackageReference;
  /** A word of any vendor. */
  readonly severity: string | undefined;
  /** Who rated; undefined when the report does not say. */
  readonly ratedBy: string | undefined;
  readonly vectors: readonly { readonly source: string; readonly vector: string }[];
  readonly epss?: VulnerabilityFinding['epss'];
  readonly knownExploited?: VulnerabilityFinding['knownExploited'];
  /** 0 to 100, where the report states it. */
  readonly risk?: number | undefined;
  readonly fixState: FixState;
  readonly fixedVersions: readonly string[];
  readonly cwes: readonly string[];
  readonly published?: string | undefined;
  readonly modified?: string | undefined;
  readonly urls: readonly string[];
  /** The feed that the report names. */
  readonly source: string;
  /** The range in words, where the report states it. */
  readonly range?: string | undefined;
}

export function vulnerabilityOf(stated: StatedVulnerability): VulnerabilityFinding {
  const severity = parseSeverity(stated.severity ?? '') ?? 'unknown';
  const cvss = ratingsOf(stated.vectors);
  const { epss, knownExploited, published, modified } = stated;
  return {
    kind: 'vulnerability',
    id: stated.id,
    aliases: [...new Set(stated.aliases)].filter((alias) => alias !== stated.id).sort(),
    package: stated.package,
    severity,
    severitySource: severity === 'unknown' ? 'none' : `vendor:${stated.ratedBy ?? stated.source}`,
    cvss,
    ...(epss === undefined ? {} : { epss }),
    ...(knownExploited === undefined ? {} : { knownExploited }),
    risk: Math.min(100, Math.max(0, stated.risk ?? 0)),
    fixState: stated.fixState,
    fixedVersions: stated.fixedVersions,
    cwes: stated.cwes,
    ...(published === undefined ? {} : { published }),
    ...(modified === undefined ? {} : { modified }),
    matches: [
      {
        advisory: stated.id,
        source: stated.source,
        searched: `${stated.package.type} / ${stated.package.name}`,
        order: '',
        range: stated.range ?? 'not stated by the report',
        ...(stated.fixedVersions[0] === undefined ? {} : { fixed: stated.fixedVersions[0] }),
      },
    ],
    urls: stated.urls.filter((url) => /^https?:\/\//.test(url)),
  };
}

function ratingsOf(vectors: StatedVulnerability['vectors']): readonly CvssRating[] {
  const ratings = new Map<string, CvssRating>();
  for (const { source, vector } of vectors) {
    const parsed = parseCvss(vector);
    if (parsed === undefined) continue;
    const { version, score } = parsed;
    ratings.set(`${source}\n${parsed.vector}`, { source, version, vector: parsed.vector, score });
  }
  return [...ratings.values()];
}

/** RFC 3339, or undefined for what is no date. */
export function dateOf(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
}
