// SPDX-License-Identifier: Apache-2.0
import type { Fix } from '../../../model/text-edit.ts';
import { replaceValue } from '../github/yaml-edits.ts';
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const dependabotExecution = defineGithubCheck({
  id: 'dependabot-execution',
  aliases: ['zizmor/dependabot-execution'],
  title: 'Code of dependencies runs while updates are made',
  principle: 'provenance-integrity',
  why: 'Code of a new release runs with the credentials of private registries before anybody has looked at it.',
  remediation: 'Set insecure-external-code-execution: deny.',
  urls: [
    'https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference#insecure-external-code-execution--',
  ],
  kinds: ['dependabot'],
  example: {
    good: 'version: 2\nupdates:\n  - package-ecosystem: bundler\n    directory: /\n    insecure-external-code-execution: deny\n',
    bad: 'version: 2\nupdates:\n  - package-ecosystem: bundler\n    directory: /\n    insecure-external-code-execution: allow\n',
  },
  run(file) {
    if (file.kind !== 'dependabot') return [];
    return file.updates.flatMap(({ codeExecution, node }): GithubFault[] => {
      const entry = codeExecution?.entry;
      if (codeExecution?.text !== 'allow' || entry === undefined) return [];
      const fix: Fix = {
        title: 'Deny the execution of external code',
        safety: 'unsafe',
        edits: [replaceValue(file.tree, entry, 'deny')],
      };
      const message = 'code of dependencies runs while updates are made';
      return [{ message, severity: 'high', confidence: 'high', places: [entry.span], around: [node.place], fix }];
    });
  },
});
