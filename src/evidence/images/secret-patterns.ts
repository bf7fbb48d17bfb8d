// SPDX-License-Identifier: Apache-2.0
// Secrets in the few texts of an image's configuration: tokens that show by their form, and values of variables whose names say it. Every
// expression is linear: bounded repetitions, none inside another.

export interface SecretMatch {
  /** What it is, for people. */
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

interface SecretPattern {
  readonly title: string;
  /** Group 1, where there is one, is the secret; else the whole. */
  readonly pattern: RegExp;
}

const patterns: readonly SecretPattern[] = [
  { title: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { title: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { title: 'GitHub token', pattern: /\bgithub_pat_[A-Za-z0-9_]{22,255}/g },
  { title: 'GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,100}/g },
  { title: 'Slack token', pattern: /\bxox[abposr]-[A-Za-z0-9-]{10,250}/g },
  { title: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { title: 'PyPI token', pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,250}/g },
  { title: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { title: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,200}\b/g },
  { title: 'private key', pattern: /-----BEGIN (?:[A-Z]{1,20} )?(?:[A-Z]{1,20} )?PRIVATE KEY-----/g },
  {
    title: 'JSON Web Token',
    pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}/g,
  },
  { title: 'password in an address', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{1,100}:([^\s/@"']{3,200})@/g },
  {
    title: 'secret by its name',
    pattern:
      /\b[A-Za-z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)=(?:"([^"\n]{6,300})"|'([^'\n]{6,300})'|([^\s"';&|]{6,300}))/gi,
  },
];

/** Longer texts are looked at up to here. */
const mostCharacters = 65_536;

/** Every secret in a text, from left to right, none inside another. */
export function findSecrets(text: string): readonly SecretMatch[] {
  const looked = text.slice(0, mostCharacters);
  const found: SecretMatch[] = [];
  for (const { title, pattern } of patterns) {
    for (const match of looked.matchAll(pattern)) {
      const secret = match.slice(1).find((group) => group !== undefined) ?? match[0];
      const start = match.index + match[0].lastIndexOf(secret);
      const end = start + secret.length;
      if (isPlaceholder(secret) || found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ title, start, end });
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** What stands for a value that comes from elsewhere, or for none. */
function isPlaceholder(value: string): boolean {
  return (
    /^(?:\$|\{\{|<|%|\/|\*+$|x{3,}$)/i.test(value) ||
    /^(?:true|false|none|null|undefined|example|placeholder|changeit)$/i.test(value)
  );
}

/** The text with every secret replaced. */
export function redactSecrets(text: string): string {
  let rest = 0;
  let redacted = '';
  for (const { start, end } of findSecrets(text)) {
    redacted += `${text.slice(rest, start)}[redacted]`;
    rest = end;
  }
  return redacted + text.slice(rest);
}
