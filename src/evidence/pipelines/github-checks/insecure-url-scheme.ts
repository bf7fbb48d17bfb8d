// SPDX-License-Identifier: Apache-2.0
import type { GithubFault } from '../github-check.ts';
import { defineGithubCheck } from '../github-check.ts';

export const insecureUrlScheme = defineGithubCheck({
  id: 'insecure-url-scheme',
  aliases: ['zizmor/insecure-url-scheme'],
  title: 'Hooks fetched without proof of where they come from',
  principle: 'provenance-integrity',
  why: 'Who sits between can answer with other code: neither http nor git proves who the other side is.',
  remediation: 'Use https.',
  urls: ['https://pre-commit.com/#pre-commit-configyaml---repos'],
  kinds: ['pre-commit'],
  example: {
    good: 'repos:\n  - repo: https://git.example/hooks\n    rev: v1\n    hooks: []\n',
    bad: 'repos:\n  - repo: http://git.example/hooks\n    rev: v1\n    hooks: []\n',
  },
  run(file) {
    if (file.kind !== 'pre-commit') return [];
    return file.repositories.flatMap(({ repo, node }): GithubFault[] => {
      const scheme = /^(http|git|ftp):\/\//i.exec(repo?.text ?? '')?.[1];
      if (repo === undefined || scheme === undefined) return [];
      const message = `hooks are fetched by ${scheme.toLowerCase()}, which anybody on the way can change`;
      return [{ message, severity: 'high', confidence: 'high', places: [repo.node.place], around: [node.place] }];
    });
  },
});
