// SPDX-License-Identifier: Apache-2.0
// Advisories of actions for the audit of pipelines, from the database that vulnerabilities are matched with.
import type { AdvisoryLookup } from '../advisories/lookup.ts';
import { matchPackages } from '../advisories/match.ts';
import { packageOfUse } from '../evidence/package-facts/github-uses.ts';
import type { ActionAdvisories, ActionAdvisory } from '../evidence/pipelines/github/action-advisories.ts';

const ecosystem = 'GitHub Actions';

/** undefined when the database has nothing of actions: then nobody can be asked. */
export function actionAdvisories(lookup: AdvisoryLookup): ActionAdvisories | undefined {
  if (!lookup.covers(ecosystem)) return undefined;
  return { advisoriesOf: async (slug, version) => advisoriesOf(lookup, `${slug}@${version}`) };
}

function advisoriesOf(lookup: AdvisoryLookup, text: string): readonly ActionAdvisory[] {
  const item = packageOfUse({ kind: 'action', text, location: { path: '' }, comment: '' });
  if (item === undefined) return [];
  const list = {
    cataloger: 'github-workflow',
    path: '',
    ecosystem: 'github',
    kind: 'declared',
    packages: [item],
  } as const;
  const { findings } = matchPackages([{ list, subjectOf: ({ id }) => id }], lookup);
  return findings.map(({ id, severity, package: { name }, fixedVersions: [fixed] }) => ({
    id,
    severity,
    summary: `a known vulnerability of ${name}`,
    ...(fixed === undefined ? {} : { fixed }),
  }));
}

/** true when it has only a sample of them. */
export function isPartialOnActions(lookup: AdvisoryLookup): boolean {
  return lookup.description.partial?.includes(ecosystem) === true;
}
