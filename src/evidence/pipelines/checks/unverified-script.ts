// SPDX-License-Identifier: Apache-2.0

import { pipelineSystems } from '../pipeline.ts';
import { definePipelineCheck } from '../pipeline-check.ts';

export const unverifiedScript = definePipelineCheck({
  id: 'unverified-script',
  title: 'A script or program is fetched and run unverified',
  aliases: ['poutine/unverified_script_exec'],
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  principle: 'provenance-integrity',
  systems: pipelineSystems,
  why: 'Whoever controls the server, or the way to it, runs commands in the build.',
  remediation: 'Fetch a fixed version, compare its digest or signature, and run it then.',
  example: {
    path: '.gitlab-ci.yml',
    good: 'install:\n  script:\n    - curl -fsSLo tool.sh https://tools.example.com/1.2.3/tool.sh\n    - sha256sum --check tool.sha256\n    - bash tool.sh\n',
    bad: 'install:\n  script:\n    - curl -fsSL https://tools.example.com/install.sh | bash\n',
  },
  run: ({ jobs }) =>
    jobs.flatMap((job) =>
      job.steps.flatMap(({ script, name, id, index }) => {
        const command = script === undefined ? undefined : unverifiedCommand(script.text);
        if (script === undefined || command === undefined) return [];
        return [
          {
            message: `runs what it fetches without verifying it: ${command}`,
            locations: [script.location] as const,
            job: job.id,
            step: name ?? id ?? String(index),
          },
        ];
      }),
    ),
});

const longest = 200_000;

/** Each line is looked at by itself; runs of characters are bounded, so the time is linear. */
const patterns: readonly RegExp[] = [
  /(?:\b(?:bash|sh|source)|(?:^|[\s;&|])\.) {1,5}<\( {0,5}(?:curl|wget) [^)\n]{1,512}\)/,
  /\b(?:curl|wget|iwr|Invoke-WebRequest|irm)\b[^\n]{0,512}(?:\|[^\n]{0,128}(?<![a-z])(?:(?:ba|z|da|k)?sh|python3?|php|node|ruby|iex|perl)(?![\w-])|chmod (?:[aug]{0,3}\+x|[75]))/,
  /\biex\b[^\n]{0,512}\.DownloadString\([^)\n]{1,512}\)/i,
  /\bdeno (?:run|install) (?:-A|--allow-all)[^\n]{0,128}https:\/\/\S{1,128}/,
];

/** Addresses that name a commit give the same bytes each time. */
const fixed =
  /https:\/\/(?:raw\.githubusercontent\.com\/[^/\s]{1,100}\/[^/\s]{1,100}\/[a-f0-9]{40}\/|github\.com\/[^/\s]{1,100}\/[^/\s]{1,100}\/raw\/[a-f0-9]{40}\/)/;

function unverifiedCommand(script: string): string | undefined {
  for (const line of script
    .slice(0, longest)
    .replace(/\\\r?\n\s*/g, ' ')
    .split('\n')) {
    for (const pattern of patterns) {
      const match = pattern.exec(line.slice(0, 5000));
      if (match !== null && !fixed.test(match[0])) return sourceOf(match[0]);
    }
  }
  return undefined;
}

/** The address, without what may be secret in it; where there is none, the program that fetches. */
function sourceOf(command: string): string {
  const address = /https?:\/\/[^\s"'|)<>;]{1,300}/.exec(command)?.[0];
  if (address === undefined) return (command.trim().split(/\s/)[0] ?? '').slice(0, 60);
  return address.replace(/\/\/[^/@]{0,200}@/, '//').replace(/[?#].*$/, '');
}
