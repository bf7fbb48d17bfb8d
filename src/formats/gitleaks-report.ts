// SPDX-License-Identifier: Apache-2.0
// gitleaks' finding, as its reports write it and its baselines are read. A baseline is any of its JSON reports.
import type { Problem } from '../model/problem.ts';
import { asObject, asString } from './document.ts';

/** Field names and order are gitleaks'. */
export interface GitleaksFinding {
  readonly RuleID: string;
  readonly Description: string;
  readonly StartLine: number;
  readonly EndLine: number;
  readonly StartColumn: number;
  readonly EndColumn: number;
  readonly Match: string;
  readonly Secret: string;
  readonly File: string;
  readonly SymlinkFile: string;
  readonly Commit: string;
  /** Only where there is a page to link to. */
  readonly Link?: string;
  readonly Entropy: number;
  readonly Author: string;
  readonly Email: string;
  readonly Date: string;
  readonly Message: string;
  readonly Tags: readonly string[];
  readonly Fingerprint: string;
}

export interface GitleaksBaseline {
  readonly findings: readonly GitleaksFinding[];
  /** Why it is none; findings are empty then. */
  readonly problem?: Problem;
}

/** Reads a JSON report. Never throws; fields that are missing are empty. */
export function readGitleaksBaseline(text: string, path: string): GitleaksBaseline {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const items = value === null ? [] : value;
    if (Array.isArray(items) && items.every((item) => asObject(item) !== undefined))
      return { findings: items.map((item: unknown) => findingOf(asObject(item) ?? {})) };
  } catch {
    // Told below: what is no JSON is no baseline.
  }
  const message = `the format of the file ${path} is not supported`;
  return { findings: [], problem: { kind: 'syntax', message, location: { path }, hidesFindings: false } };
}

function findingOf(item: Readonly<Record<string, unknown>>): GitleaksFinding {
  const text = (key: string): string => asString(item[key]) ?? '';
  const number = (key: string): number => (typeof item[key] === 'number' ? item[key] : 0);
  return {
    RuleID: text('RuleID'),
    Description: text('Description'),
    StartLine: number('StartLine'),
    EndLine: number('EndLine'),
    StartColumn: number('StartColumn'),
    EndColumn: number('EndColumn'),
    Match: text('Match'),
    Secret: text('Secret'),
    File: text('File'),
    SymlinkFile: text('SymlinkFile'),
    Commit: text('Commit'),
    ...(typeof item['Link'] === 'string' ? { Link: item['Link'] } : {}),
    Entropy: number('Entropy'),
    Author: text('Author'),
    Email: text('Email'),
    Date: text('Date'),
    Message: text('Message'),
    Tags: Array.isArray(item['Tags']) ? item['Tags'].filter((tag) => typeof tag === 'string') : [],
    Fingerprint: text('Fingerprint'),
  };
}

const comparedFields = [
  'RuleID',
  'Description',
  'StartLine',
  'EndLine',
  'StartColumn',
  'EndColumn',
  'File',
  'Commit',
  'Author',
  'Email',
  'Date',
  'Message',
] as const satisfies readonly (keyof GitleaksFinding)[];

/** Whether a finding is the one of a baseline; `redacted` baselines do not know the secret (matches gitleaks, detect/baseline.go). */
export function isSameFinding(
  finding: GitleaksFinding,
  known: GitleaksFinding,
  secrets: 'shown' | 'redacted',
): boolean {
  return (
    comparedFields.every((field) => finding[field] === known[field]) &&
    Math.fround(finding.Entropy) === Math.fround(known.Entropy) &&
    (secrets === 'redacted' || (finding.Match === known.Match && finding.Secret === known.Secret))
  );
}

/** `file:rule:line`, with the commit in front where there is one. */
export function gitleaksFingerprint(
  finding: Pick<GitleaksFinding, 'File' | 'RuleID' | 'StartLine' | 'Commit'>,
  scope: 'commit' | 'global',
): string {
  const global = `${finding.File}:${finding.RuleID}:${finding.StartLine}`;
  return scope === 'global' || finding.Commit === '' ? global : `${finding.Commit}:${global}`;
}

/** Hides `percent` of the secret wherever it stands; 100 leaves the word REDACTED (report/finding.go). */
export function redactFinding(finding: GitleaksFinding, percent: number): GitleaksFinding {
  if (percent <= 0) return finding;
  const mask = percent >= 100 ? 'REDACTED' : maskSecret(finding.Secret, percent);
  // An empty text stands everywhere; there is nothing to hide of it.
  const hide = (text: string): string => (finding.Secret === '' ? text : text.replaceAll(finding.Secret, () => mask));
  return { ...finding, Match: hide(finding.Match), Secret: mask };
}

/** The first part of a secret, rounded to even where it is in the middle. */
export function maskSecret(secret: string, percent: number): string {
  if (secret === '') return secret;
  const exact = (secret.length * (100 - Math.min(100, percent))) / 100;
  const floor = Math.floor(exact);
  const isHalf = exact - floor === 0.5;
  const length = isHalf ? floor + (floor % 2) : Math.round(exact);
  return `${secret.slice(0, length)}...`;
}
