// SPDX-License-Identifier: Apache-2.0
// The page of the checks of GitHub's own files, from their list in src/.
import { githubChecks } from '../src/evidence/pipelines/github-checks/index.ts';

const kinds = {
  workflow: 'workflows',
  action: 'actions',
  dependabot: 'dependabot.yml',
  'pre-commit': 'pre-commit',
} as const;

const wants = { resolver: 'somebody who knows the repositories', advisories: 'an advisory database' } as const;

/** `note` says that the page is generated. */
export function githubChecksPage(note: string): string {
  const rows = githubChecks.map(({ id, title, kinds: read, principle, needs, why, remediation }) =>
    [
      `\`${id}\``,
      title,
      read.map((kind) => kinds[kind]).join(', '),
      principle,
      needs === undefined ? '' : wants[needs],
      why,
      remediation,
    ]
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | '),
  );
  return [
    "# Checks of GitHub's own files",
    '',
    note,
    'They look at workflows, actions, dependabot.yml and the configuration of pre-commit, and are run by `landwaiter pipeline` ([pipelines.md](pipelines.md)).',
    'Each has the name that zizmor has for the same check (`zizmor/artipacked`); its comments and its configuration work here too. What wants somebody to ask is',
    'reported as not looked at when nobody answers, never as clean.',
    '',
    '| check | finds | in | principle | wants | why | what to do |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    '## Who wants to see it',
    '',
    'Most findings are for everybody (`regular`). `--persona pedantic` adds what is good manners (permissions with a comment, concurrency, names), `--persona auditor`',
    'what is only dangerous together with something else (self-hosted runners, secrets outside of environments).',
    '',
    '## Ignoring a finding',
    '',
    'A comment anywhere on the lines of the finding, its step or its job: `# zizmor: ignore[artipacked]`, several names with commas, a reason behind the bracket.',
    '',
    'In `zizmor.yml` or `.github/zizmor.yml`; one with a fault is refused as a whole:',
    '',
    '```yaml',
    'rules:',
    '  superfluous-actions:',
    '    disable: true',
    '  artipacked:',
    '    severity: high # informational, low, medium or high',
    '    ignore:',
    '      - release.yml # the whole file',
    '      - ci.yml:12 # a line, or ci.yml:12:9',
    '  unpinned-uses:',
    '    config:',
    '      policies: # the most telling pattern counts; hash-pin where none matches',
    '        actions/*: ref-pin # a tag or branch will do',
    '        example/*: any',
    '  forbidden-uses:',
    '    config:',
    '      deny: [example/*, other/action@v1] # or allow',
    '  dependabot-cooldown:',
    '    config:',
    '      days: 14',
    '  secrets-outside-env:',
    '    config:',
    '      allow: [PUBLIC_TOKEN]',
    '  known-vulnerable-actions:',
    '    config:',
    '      allow: [GHSA-xxxx-xxxx-xxxx]',
    '```',
    '',
  ].join('\n');
}
