// SPDX-License-Identifier: Apache-2.0
// The page of all checks of configuration, from the lists in src/.

import { manifestChecks } from '../src/evidence/misconfiguration/checks/index.ts';
import { composeChecks } from '../src/evidence/misconfiguration/compose-checks/index.ts';
import { dockerfileChecks } from '../src/evidence/misconfiguration/dockerfile-checks/index.ts';
import { places } from '../src/evidence/misconfiguration/secrets-management/plain-secret.ts';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly severity: string;
  readonly why?: string;
  readonly remediation?: string;
  readonly profiles?: readonly string[];
}

function table(rows: readonly Row[], columns: readonly ('profiles' | 'why')[]): readonly string[] {
  const hasProfiles = columns.includes('profiles');
  const head = ['id', 'finds', 'severity', 'others call it', ...(hasProfiles ? ['profiles'] : []), 'why', 'what to do'];
  const lines = rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title, aliases, severity, why, remediation, profiles }) =>
      [
        `\`${id}\``,
        title,
        severity,
        aliases.join(', '),
        ...(hasProfiles ? [(profiles ?? []).join(', ')] : []),
        why ?? '',
        remediation ?? '',
      ]
        .map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' '))
        .join(' | '),
    );
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines.map((line) => `| ${line} |`), ''];
}

/** `note` says that the page is generated. */
export function misconfigurationPage(note: string): string {
  return [
    '# Checks of configuration',
    '',
    note,
    'How they are run, ignored and fixed: [misconfiguration.md](misconfiguration.md). Numbers of the CIS Kubernetes benchmark are those of version 1.23.',
    '',
    `## Kubernetes objects (${manifestChecks.length})`,
    '',
    ...table(manifestChecks, ['profiles', 'why']),
    `## Dockerfiles (${dockerfileChecks.length})`,
    '',
    ...table(dockerfileChecks, ['why']),
    `## Compose files (${composeChecks.length})`,
    '',
    ...table(composeChecks, ['why']),
    '## Secrets in the repository',
    '',
    'The remediation of these depends on what is in use beside them.',
    '',
    ...table(Object.values(places), ['why']),
  ].join('\n');
}
