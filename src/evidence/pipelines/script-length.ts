// SPDX-License-Identifier: Apache-2.0
// How much of a script the checks look at. Each of them has bounds of its own, so that no script takes long; what is beyond the tightest is told here, once
// for all of them.
import type { Problem } from '../../model/problem.ts';
import type { Pipeline } from './pipeline.ts';

const longestScript = 100_000;
/** With its continuations. */
const longestLine = 5_000;

/** One problem for each script that is longer than what checks look at. */
export function unsearchedScripts(pipelines: readonly Pipeline[]): readonly Problem[] {
  return pipelines.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) =>
      steps.flatMap(({ script }): readonly Problem[] => {
        const long = script === undefined ? undefined : tooLong(script.text);
        if (script === undefined || long === undefined) return [];
        return [{ kind: 'limit', message: long, location: script.location, hidesFindings: true }];
      }),
    ),
  );
}

function tooLong(text: string): string | undefined {
  if (text.length > longestScript)
    return `a script of ${text.length} characters; checks look at the first ${longestScript}`;
  // Most scripts are shorter than one line may be.
  if (text.length <= longestLine) return undefined;
  const lines = text.replace(/\\\r?\n[ \t]*/g, ' ').split('\n');
  const line = lines.find(({ length }) => length > longestLine);
  return line === undefined
    ? undefined
    : `a line of ${line.length} characters in a script; checks look at the first ${longestLine}`;
}
