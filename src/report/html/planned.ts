// SPDX-License-Identifier: Apache-2.0
// The part of the page about what policies would do besides judging.
import { escapeXml } from '../../formats/xml-print.ts';
import { countPlanned, exceptedRows, judgedSentence, plannedRows } from '../../model/planned-rows.ts';
import type { PolicyRun } from '../../model/policy-run.ts';

/** How much was judged; objects that would be changed, made and deleted; rules that exceptions took out. */
export function plannedSection(run: PolicyRun): string {
  const rows = plannedRows(run);
  const excepted = exceptedRows(run);
  const counts =
    rows.length === 0
      ? 'They would do nothing besides.'
      : `${countPlanned(rows).replaceAll('  ', ', ')}; nothing of it was done.`;
  const head = `<section id="planned"><h2>Planned</h2><p>${escapeXml(judgedSentence(run))} ${counts}</p>`;
  const planned = tableOf(
    ['Would', 'Object', 'How', 'Where'],
    rows.map(({ would, object, how, where }) => [would, object, how, where]),
  );
  const taken = tableOf(
    ['Taken out by exceptions', 'Object', 'By'],
    excepted.map(({ policy, object, by }) => [policy, object, by]),
  );
  return `${head}${planned}${taken}</section>`;
}

/** Nothing without rows. */
function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = titles.map((title) => `<th>${title}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`);
  return `\n<div class="scroll"><table><thead><tr>${head}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table></div>`;
}
