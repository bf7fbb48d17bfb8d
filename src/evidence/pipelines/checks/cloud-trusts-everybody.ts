// SPDX-License-Identifier: Apache-2.0
import type { Location } from '../../../model/location.ts';
import type { PipelineFile } from '../pipeline.ts';
import type { PipelineFault } from '../pipeline-check.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const cloudTrustsEverybody = definePipelineCheck({
  id: 'cloud-trusts-everybody',
  title: 'A cloud trusts more pipelines than it should',
  aliases: [],
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  principle: 'least-privilege',
  systems: ['github-actions', 'gitlab-ci'],
  why: 'The subject of the identity is all that tells one repository, branch or environment from another; where it is a wildcard, others sign in too.',
  remediation: 'Name the repository and the branch or environment: repo:OWNER/NAME:environment:production.',
  example: {
    path: 'infra/role.yaml',
    good: 'Condition:\n  StringEquals:\n    token.actions.githubusercontent.com:sub: repo:shop/checkout:environment:production\n',
    bad: 'Condition:\n  StringLike:\n    token.actions.githubusercontent.com:sub: repo:shop/*\n',
  },
  run: () => [],
  runOnTarget: ({ files }) => files.flatMap(faultsOf),
});

const issuers = /token\.actions\.githubusercontent\.com|gitlab\.com|attribute\.repository|assertion\.sub/;
/** Subjects as trust policies write them, in Terraform, CloudFormation and JSON. */
const subject = /["']?((?:repo|project_path):[^"'\s,\]]{1,200})["']?/g;

function faultsOf({ path, text }: PipelineFile): readonly PipelineFault[] {
  if (!issuers.test(text) || /(?:^|\/)\.github\/|\.gitlab-ci\.yml$/.test(path)) return [];
  return text.split('\n').flatMap((line, index): PipelineFault[] => {
    const location: Location = { path, line: index + 1 };
    return [...line.slice(0, 2000).matchAll(subject)].flatMap((match) => {
      const wide = widthOf(match[1] ?? '');
      return wide === undefined
        ? []
        : [{ message: `${match[1]} lets ${wide} sign in`, locations: [location] as const }];
    });
  });
}

/** Who fits, where that is more than one repository or more than chosen runs of it. */
function widthOf(text: string): string | undefined {
  const [kind, name = '', ...rest] = text.split(':');
  if (!name.includes('*')) {
    const which = rest.join(':');
    return which === '*' || which === '' ? `every branch and pull request of ${name}` : undefined;
  }
  if (/^\*|^[^/]*\*[^/]*\//.test(name) || name === '*') return 'repositories of anybody';
  return `every ${kind === 'repo' ? 'repository' : 'project'} that fits ${name}`;
}
