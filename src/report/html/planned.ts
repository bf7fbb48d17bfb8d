// SPDX-License-Identifier: Apache-2.0
// The part of the page about what policies would do besides judging.
import { escapeXml } from '../../formats/xml-print.ts';
import { countPlanned, judgedSentence, plannedRows } from '../../model/planned-rows.ts';
import type { PolicyRun } from '../../model/policy-run.ts';

/** How much was judged, then objects that would be changed, made and deleted. */
export function plannedSection(run: PolicyRun): string {
  const rows = plannedRows(run);
  const head = `<section id="planned"><h2>Planned</h2><p>${escapeXml(judgedSentence(run))}`;
  if (rows.length === 0) return `${head} They would do nothing besides.</p></section>`;
  const cells = rows.map(
    ({ would, object, how, where }) =>
      `<tr><td>${would}</td><td>${escapeXml(object)}</td><td>${escapeXml(how)}</td><td><code>${escapeXml(where)}</code></td></tr>`,
  );
  return `${head} ${countPlanned(rows).replaceAll('  ', ', ')}; nothing of it was done.</p>
<div class="scroll"><table><thead><tr><th>Would</th><th>Object</th><th>How</th><th>Where</th></tr></thead>
<tbody>${cells.join('\n')}</tbody></table></div></section>`;
}
