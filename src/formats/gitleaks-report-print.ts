// SPDX-License-Identifier: Apache-2.0
// The forms in which gitleaks writes its report, for pipelines that read them: JSON, CSV, JUnit and SARIF, byte for byte (report/*.go).

import type { GitleaksFinding } from './gitleaks-report.ts';
import type { GitleaksForm } from './gitleaks-report-forms.ts';

export interface PrintedRule {
  readonly id: string;
  readonly description: string;
}

export interface PrintOptions {
  /** For SARIF: name and version of the program, and all rules that were applied. */
  readonly tool: { readonly name: string; readonly version: string; readonly url: string };
  readonly rules: readonly PrintedRule[];
}

export function printGitleaks(form: GitleaksForm, findings: readonly GitleaksFinding[], options: PrintOptions): string {
  switch (form) {
    case 'json':
      return `${goJson(findings, ' ')}\n`;
    case 'csv':
      return csv(findings);
    case 'junit':
      return junit(findings, options.tool.name);
    default:
      return `${goJson(sarif(findings, options), ' ')}\n`;
  }
}

/** As Go's encoding/json writes it: those signs that HTML cares about are escaped. */
function goJson(value: unknown, indent: string): string {
  if (Array.isArray(value) && value.length === 0) return '[]';
  return JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const csvColumns = [
  'RuleID',
  'Commit',
  'File',
  'SymlinkFile',
  'Secret',
  'Match',
  'StartLine',
  'EndLine',
  'StartColumn',
  'EndColumn',
  'Author',
  'Message',
  'Date',
  'Email',
  'Fingerprint',
] as const satisfies readonly (keyof GitleaksFinding)[];

/** Nothing at all without findings. */
function csv(findings: readonly GitleaksFinding[]): string {
  const [first] = findings;
  if (first === undefined) return '';
  const hasLinks = first.Link !== undefined && first.Link !== '';
  const rows = findings.map((finding) => [
    ...csvColumns.map((column) => String(finding[column])),
    finding.Tags.join(' '),
    ...(hasLinks ? [finding.Link ?? ''] : []),
  ]);
  const head = [...csvColumns, 'Tags', ...(hasLinks ? ['Link'] : [])];
  return [head, ...rows].map((row) => `${row.map(csvField).join(',')}\n`).join('');
}

/** Quoted where Go's encoding/csv quotes. */
function csvField(text: string): string {
  return text === '\\.' || /[",\r\n]|^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function junit(findings: readonly GitleaksFinding[], name: string): string {
  const cases = findings.map((finding) => {
    const message = xmlText(junitMessage(finding));
    const type = xmlText(finding.Description);
    const data = xmlText(goJson(finding, '\t'));
    return `\t\t<testcase classname="${type}" file="${xmlText(finding.File)}" name="${message}" time="">\n\t\t\t<failure message="${message}" type="${type}">${data}</failure>\n\t\t</testcase>\n`;
  });
  const body = cases.length === 0 ? '' : `\n${cases.join('')}\t`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n\t<testsuite failures="${findings.length}" name="${xmlText(name)}" tests="${findings.length}" time="">${body}</testsuite>\n</testsuites>`;
}

function junitMessage({ RuleID, File, StartLine, Commit }: GitleaksFinding): string {
  const at = Commit === '' ? '' : `, at commit ${Commit}`;
  return `${RuleID} has detected a secret in file ${File}, line ${StartLine}${at}.`;
}

/** As Go's encoding/xml escapes. */
function xmlText(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '"': '&#34;',
    "'": '&#39;',
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '\t': '&#x9;',
    '\n': '&#xA;',
    '\r': '&#xD;',
  };
  return (
    text
      .replace(/["'&<>\t\n\r]/g, (sign) => signs[sign] ?? sign)
      // oxlint-disable-next-line no-control-regex -- XML has no form for them at all
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD')
  );
}

function sarif(findings: readonly GitleaksFinding[], { tool, rules }: PrintOptions): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            informationUri: tool.url,
            rules: rules.map(({ id, description }) => ({ id, shortDescription: { text: description } })),
          },
        },
        results: findings.map(sarifResult),
      },
    ],
  };
}

function sarifResult(finding: GitleaksFinding): object {
  const at = finding.Commit === '' ? '' : ` at commit ${finding.Commit}`;
  return {
    message: { text: `${finding.RuleID} has detected secret for file ${finding.File}${at}.` },
    ruleId: finding.RuleID,
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: finding.SymlinkFile === '' ? finding.File : finding.SymlinkFile },
          region: {
            startLine: finding.StartLine,
            startColumn: finding.StartColumn,
            endLine: finding.EndLine,
            endColumn: finding.EndColumn,
            snippet: { text: finding.Secret },
          },
        },
      },
    ],
    partialFingerprints: {
      commitSha: finding.Commit,
      email: finding.Email,
      author: finding.Author,
      date: finding.Date,
      commitMessage: finding.Message,
    },
    properties: { tags: finding.Tags },
  };
}
