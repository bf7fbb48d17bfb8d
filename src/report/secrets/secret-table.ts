// SPDX-License-Identifier: Apache-2.0
// Secrets for people, and for editors that open `file:line:column`.
import { formatLocation } from '../../model/location.ts';
import type { ReportedSecret, SecretReportOptions, SecretReportView } from './secret-report.ts';

/** One line for each secret, the commit below it, and a line that says what was looked at. */
export function secretTable(view: SecretReportView, { color, showsSuppressed }: SecretReportOptions): string {
  const open = view.secrets.filter(({ suppressed }) => suppressed === undefined);
  const suppressed = view.secrets.filter((secret) => secret.suppressed !== undefined);
  const shown = showsSuppressed ? [...open, ...suppressed] : open;
  return `${shown.map((secret) => lineOf(secret, color)).join('')}${shown.length > 0 ? '\n' : ''}${summaryOf(view, open, suppressed.length)}\n`;
}

function lineOf({ finding, isBlocking, suppressed }: ReportedSecret, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const weight = `${finding.severity}${finding.confidence === 'high' ? '' : ` (${finding.confidence} confidence)`}`;
  const mark = suppressed === undefined ? '' : ` [${suppressed.by}: ${printable(suppressed.reason)}]`;
  const redacted = finding.redacted === '' ? '' : ` ${printable(finding.redacted)}`;
  const head = `${printable(formatLocation(finding.location))}: ${paint(isBlocking ? 31 : 33, weight)}: ${printable(finding.title)}${redacted} [${finding.id}] ${finding.fingerprint}${mark}\n`;
  if (finding.commit === undefined || finding.commit.id === '') return head;
  const { id, author, date, message } = finding.commit;
  return `${head}    commit ${id.slice(0, 12)} ${printable(`${author}, ${date.slice(0, 10)}: ${message}`).slice(0, 120)}\n`;
}

/** Foreign text must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}

function summaryOf(view: SecretReportView, open: readonly ReportedSecret[], suppressed: number): string {
  const { files, bytes, commits, skipped } = view.counts;
  const blocking = open.filter(({ isBlocking }) => isBlocking).length;
  const what = commits === undefined ? `${files} files` : `${commits} commits`;
  const looked = `${what}, ${sizeOf(bytes)}, ${view.rules} rules`;
  const found =
    open.length === 0
      ? 'no secrets'
      : `${open.length} secret${open.length === 1 ? '' : 's'}${blocking === open.length ? '' : `, ${open.length - blocking} of them too uncertain to fail`}`;
  const parts = [
    `${found} in ${looked}`,
    ...(suppressed === 0 ? [] : [`${suppressed} accepted`]),
    ...Object.entries(skipped).map(([reason, count]) => `${count} ${reason}`),
  ];
  return parts.join('; ');
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
