// SPDX-License-Identifier: Apache-2.0
// Who says how bad a vulnerability is: the vendor's word first (of a supplier's package, then the distribution's), then a CVSS score of that source, then
// the same of others.
import { parseCvss } from '../formats/cvss.ts';
import type { AdvisorySeverity } from '../model/advisory.ts';
import type { CvssRating } from '../model/finding.ts';
import { parseSeverity, type Severity, severityOfScore } from '../model/severity.ts';
import { sourceOfOriginal } from './feed-sources.ts';
import type { AdvisoryEntry } from './lookup.ts';
import { remember } from './version-text/memo.ts';

export interface Rating {
  readonly severity: Severity;
  /** `vendor:<source>`, `cvss:<source>` or `none`. */
  readonly source: string;
}

const parse = remember(parseCvss);

/** Newer versions of CVSS first. */
const versions: readonly string[] = ['4.0', '3.1', '3.0', '2.0'];

/** What nobody rated; not the same as harmless. */
export const unrated: Rating = { severity: 'unknown', source: 'none' };

/** The severity that the advisories on one vulnerability give, those in front first; undefined when none rates it. */
export function rate(entries: readonly AdvisoryEntry[]): Rating | undefined {
  return (
    first(entries, vendorWord) ??
    first(entries, originalsWord) ??
    first(entries, ownScore) ??
    first(entries, othersWord) ??
    first(entries, othersScore)
  );
}

function first(
  entries: readonly AdvisoryEntry[],
  pick: (entry: AdvisoryEntry) => Rating | undefined,
): Rating | undefined {
  for (const entry of entries) {
    const rating = pick(entry);
    if (rating !== undefined) return rating;
  }
  return undefined;
}

/** A package under OSV's `MAL-` ids is an attack, which no source rates and everybody would rate alike. */
function vendorWord({ advisory, affected }: AdvisoryEntry): Rating | undefined {
  const own = advisory.severities.find((one) => one.type === 'word' && isOwn(one, advisory.source));
  const severity =
    known(affected.severity) ??
    known(own?.value) ??
    ([advisory.id, ...advisory.aliases].some(isMalicious) ? 'critical' : undefined);
  return severity === undefined ? undefined : { severity, source: `vendor:${advisory.source}` };
}

/** Who patches packages of a distribution rarely rates; the word of the distribution is then about the same package, as nobody else's is. */
function originalsWord({ advisory, affected }: AdvisoryEntry): Rating | undefined {
  const source = sourceOfOriginal(affected.ecosystem);
  if (source === undefined) return undefined;
  const severity = known(advisory.severities.find((one) => one.type === 'word' && one.source === source)?.value);
  return severity === undefined ? undefined : { severity, source: `vendor:${source}` };
}

function ownScore({ advisory }: AdvisoryEntry): Rating | undefined {
  return scoreRating(
    advisory.severities.filter((one) => isOwn(one, advisory.source)),
    advisory.source,
  );
}

function othersWord({ advisory }: AdvisoryEntry): Rating | undefined {
  for (const one of nvdFirst(advisory.severities)) {
    const severity = one.type === 'word' ? known(one.value) : undefined;
    if (severity !== undefined) return { severity, source: `vendor:${one.source}` };
  }
  return undefined;
}

function othersScore({ advisory }: AdvisoryEntry): Rating | undefined {
  return scoreRating(nvdFirst(advisory.severities), advisory.source);
}

function isOwn(severity: AdvisorySeverity, source: string): boolean {
  return severity.source === '' || severity.source === source;
}

function nvdFirst(severities: readonly AdvisorySeverity[]): readonly AdvisorySeverity[] {
  if (severities.length < 2) return severities;
  return severities.toSorted((a, b) => Number(b.source === 'nvd') - Number(a.source === 'nvd'));
}

function scoreRating(severities: readonly AdvisorySeverity[], fallback: string): Rating | undefined {
  const scored = severities.flatMap((one) => {
    const cvss = one.type === 'word' ? undefined : parse(one.value);
    return cvss === undefined ? [] : [{ cvss, source: one.source === '' ? fallback : one.source }];
  });
  // The first source decides, with its newest version of CVSS.
  const own = scored.filter((one) => one.source === scored[0]?.source);
  own.sort((a, b) => versions.indexOf(a.cvss.version) - versions.indexOf(b.cvss.version));
  const best = own[0];
  return best === undefined ? undefined : { severity: severityOfScore(best.cvss.score), source: `cvss:${best.source}` };
}

/** `unknown` is no answer: somebody else may have one. */
function known(word: string | undefined): Severity | undefined {
  const severity = word === undefined ? undefined : parseSeverity(word);
  return severity === 'unknown' ? undefined : severity;
}

/** OSV ids of packages that were published to do harm. */
export function isMalicious(id: string): boolean {
  return id.startsWith('MAL-');
}

/** All CVSS ratings of the advisories, each source and vector once, in the order of the advisories. */
export function cvssRatings(entries: readonly AdvisoryEntry[]): readonly CvssRating[] {
  const ratings = new Map<string, CvssRating>();
  for (const { advisory } of entries) {
    for (const one of advisory.severities) {
      const cvss = one.type === 'word' ? undefined : parse(one.value);
      if (cvss === undefined) continue;
      const source = one.source === '' ? advisory.source : one.source;
      ratings.set(`${source}\n${cvss.vector}`, {
        source,
        version: cvss.version,
        vector: cvss.vector,
        score: cvss.score,
      });
    }
  }
  return [...ratings.values()];
}
