// SPDX-License-Identifier: Apache-2.0
// CVSS vectors of the versions 2.0, 3.0, 3.1 and 4.0 and their scores, after the specification documents of FIRST.
// Temporal and environmental scores of 2.0 and 3.x are not computed; 4.0 has one score for all metrics given (cvss4.ts).
import { metrics4, scoreOfCvss4 } from './cvss4.ts';

export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

export interface Cvss {
  readonly version: CvssVersion;
  /** As given, without blanks or parentheses around it. */
  readonly vector: string;
  /** Metrics by their short names; those that are not given are absent. */
  readonly metrics: ReadonlyMap<string, string>;
  /** Base score 0.0 to 10.0, one decimal; for 4.0 with the threat and environmental metrics in the vector. */
  readonly score: number;
  /** Subscores of the base score, one decimal; 4.0 has none. */
  readonly exploitability?: number;
  readonly impact?: number;
}

type Metrics = ReadonlyMap<string, string>;

const metrics2: Readonly<Record<string, readonly string[]>> = {
  AV: ['L', 'A', 'N'],
  AC: ['H', 'M', 'L'],
  Au: ['M', 'S', 'N'],
  C: ['N', 'P', 'C'],
  I: ['N', 'P', 'C'],
  A: ['N', 'P', 'C'],
  E: ['U', 'POC', 'F', 'H', 'ND'],
  RL: ['OF', 'TF', 'W', 'U', 'ND'],
  RC: ['UC', 'UR', 'C', 'ND'],
  CDP: ['N', 'L', 'LM', 'MH', 'H', 'ND'],
  TD: ['N', 'L', 'M', 'H', 'ND'],
  CR: ['L', 'M', 'H', 'ND'],
  IR: ['L', 'M', 'H', 'ND'],
  AR: ['L', 'M', 'H', 'ND'],
};
const base2 = ['AV', 'AC', 'Au', 'C', 'I', 'A'];

const metrics3: Readonly<Record<string, readonly string[]>> = {
  AV: ['N', 'A', 'L', 'P'],
  AC: ['L', 'H'],
  PR: ['N', 'L', 'H'],
  UI: ['N', 'R'],
  S: ['U', 'C'],
  C: ['H', 'L', 'N'],
  I: ['H', 'L', 'N'],
  A: ['H', 'L', 'N'],
  E: ['X', 'H', 'F', 'P', 'U'],
  RL: ['X', 'U', 'W', 'T', 'O'],
  RC: ['X', 'C', 'R', 'U'],
  CR: ['X', 'H', 'M', 'L'],
  IR: ['X', 'H', 'M', 'L'],
  AR: ['X', 'H', 'M', 'L'],
  MAV: ['X', 'N', 'A', 'L', 'P'],
  MAC: ['X', 'L', 'H'],
  MPR: ['X', 'N', 'L', 'H'],
  MUI: ['X', 'N', 'R'],
  MS: ['X', 'U', 'C'],
  MC: ['X', 'H', 'L', 'N'],
  MI: ['X', 'H', 'L', 'N'],
  MA: ['X', 'H', 'L', 'N'],
};
const base3 = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A'];
const base4 = ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'];

/** Parses and scores a vector of any version; undefined when a metric is unknown, doubled or missing. 2.0 vectors have no prefix. */
export function parseCvss(text: string): Cvss | undefined {
  const vector = text.trim().replace(/^\(([^()]{0,512})\)$/, '$1');
  if (vector.length > 512) return undefined;
  if (vector.startsWith('CVSS:4.0/')) return parse4(vector);
  if (vector.startsWith('CVSS:3.1/')) return parse3(vector, '3.1');
  if (vector.startsWith('CVSS:3.0/')) return parse3(vector, '3.0');
  // Red Hat and others leave out the prefix; only version 3 has privileges and scope together.
  if (vector.includes('/PR:') && vector.includes('/S:')) return parse3(`CVSS:3.1/${vector}`, '3.1');
  return parse2(vector);
}

/** Metrics of a vector without its prefix; undefined when one is unknown or doubled, or a mandatory one is missing. */
function readMetrics(
  text: string,
  known: Readonly<Record<string, readonly string[]>>,
  mandatory: readonly string[],
): Metrics | undefined {
  const metrics = new Map<string, string>();
  for (const part of text.split('/')) {
    const colon = part.indexOf(':');
    const name = part.slice(0, colon);
    const value = part.slice(colon + 1);
    if (colon < 1 || metrics.has(name) || !Object.hasOwn(known, name) || known[name]?.includes(value) !== true) {
      return undefined;
    }
    metrics.set(name, value);
  }
  return mandatory.every((name) => metrics.has(name)) ? metrics : undefined;
}

function parse4(vector: string): Cvss | undefined {
  const metrics = readMetrics(vector.slice('CVSS:4.0/'.length), metrics4, base4);
  if (metrics === undefined) return undefined;
  return { version: '4.0', vector, metrics, score: scoreOfCvss4(metrics) };
}

function parse2(vector: string): Cvss | undefined {
  const metrics = readMetrics(vector.replace(/^CVSS:2\.0\//, ''), metrics2, base2);
  if (metrics === undefined) return undefined;
  const weigh = weigher(metrics, weights2);
  // CVSS 2.0 guide, section 3.2.1.
  const impact = 10.41 * (1 - (1 - weigh('C')) * (1 - weigh('I')) * (1 - weigh('A')));
  const exploitability = 20 * weigh('AV') * weigh('AC') * weigh('Au');
  const score = impact === 0 ? 0 : (0.6 * impact + 0.4 * exploitability - 1.5) * 1.176;
  return {
    version: '2.0',
    vector,
    metrics,
    score: roundHalfUp(score),
    exploitability: roundHalfUp(exploitability),
    impact: roundHalfUp(impact),
  };
}

const impact2 = { N: 0, P: 0.275, C: 0.66 };
const weights2: Weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: impact2,
  I: impact2,
  A: impact2,
};

type Weights = Readonly<Record<string, Readonly<Record<string, number>>>>;

function weigher(metrics: Metrics, weights: Weights): (name: string) => number {
  return (name) => weights[name]?.[metrics.get(name) ?? ''] ?? 0;
}

function parse3(vector: string, version: '3.0' | '3.1'): Cvss | undefined {
  const metrics = readMetrics(vector.slice('CVSS:3.x/'.length), metrics3, base3);
  if (metrics === undefined) return undefined;
  const changed = metrics.get('S') === 'C';
  const weigh = weigher(metrics, changed ? { ...weights3, PR: { N: 0.85, L: 0.68, H: 0.5 } } : weights3);
  // CVSS 3.1 specification, section 7.1.
  const loss = 1 - (1 - weigh('C')) * (1 - weigh('I')) * (1 - weigh('A'));
  const impact = changed ? 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15 : 6.42 * loss;
  const exploitability = 8.22 * weigh('AV') * weigh('AC') * weigh('PR') * weigh('UI');
  const sum = (impact + exploitability) * (changed ? 1.08 : 1);
  return {
    version,
    vector,
    metrics,
    score: impact <= 0 ? 0 : roundUp(Math.min(sum, 10)),
    exploitability: roundHalfUp(exploitability),
    impact: roundHalfUp(Math.max(impact, 0)),
  };
}

const impact3 = { H: 0.56, L: 0.22, N: 0 };
const weights3: Weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  C: impact3,
  I: impact3,
  A: impact3,
};

/** "Roundup" of CVSS 3.1, appendix A: on integers, so that 4.02 becomes 4.1 and 4.00000000001 stays 4.0. */
function roundUp(value: number): number {
  const scaled = Math.round(value * 100_000);
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10;
}

/** To one decimal; the small addend undoes binary fractions just below a half. */
function roundHalfUp(value: number): number {
  return Math.floor(value * 10 + 0.5 + 1e-9) / 10;
}
