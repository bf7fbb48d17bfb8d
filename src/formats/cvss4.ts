// SPDX-License-Identifier: Apache-2.0
// The score of CVSS 4.0: the macro vector's score, less the mean share of the way to the next lower macro vectors
// (specification document, section 8). All sums are in tenths, so that nothing depends on binary fractions.

const requirement = ['X', 'H', 'M', 'L'];
const impact = ['H', 'L', 'N'];

/** Metrics and their values, of all groups. */
export const metrics4: Readonly<Record<string, readonly string[]>> = {
  AV: ['N', 'A', 'L', 'P'],
  AC: ['L', 'H'],
  AT: ['N', 'P'],
  PR: ['N', 'L', 'H'],
  UI: ['N', 'P', 'A'],
  VC: impact,
  VI: impact,
  VA: impact,
  SC: impact,
  SI: impact,
  SA: impact,
  E: ['X', 'A', 'P', 'U'],
  CR: requirement,
  IR: requirement,
  AR: requirement,
  MAV: ['X', 'N', 'A', 'L', 'P'],
  MAC: ['X', 'L', 'H'],
  MAT: ['X', 'N', 'P'],
  MPR: ['X', 'N', 'L', 'H'],
  MUI: ['X', 'N', 'P', 'A'],
  MVC: ['X', ...impact],
  MVI: ['X', ...impact],
  MVA: ['X', ...impact],
  MSC: ['X', ...impact],
  MSI: ['X', 'S', ...impact],
  MSA: ['X', 'S', ...impact],
  S: ['X', 'N', 'P'],
  AU: ['X', 'N', 'Y'],
  R: ['X', 'A', 'U', 'I'],
  V: ['X', 'D', 'C'],
  RE: ['X', 'L', 'M', 'H'],
  U: ['X', 'Clear', 'Green', 'Amber', 'Red'],
};

/** Values from most to least severe: the index is the distance in steps. Metrics of the subsequent system start at S. */
const severityOrder: Readonly<Record<string, string>> = {
  AV: 'NALP',
  PR: 'NLH',
  UI: 'NPA',
  AC: 'LH',
  AT: 'NP',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'SHLN',
  SI: 'SHLN',
  SA: 'SHLN',
  CR: 'HML',
  IR: 'HML',
  AR: 'HML',
};

/**
 * Scores of the macro vectors in tenths (specification, table "MacroVector lookup"). Key: EQ1, EQ2, EQ3; then EQ4 in three
 * groups, in each EQ5 from 0 to 2 and, fastest, EQ6 from 0 to 1. EQ3 = 2 exists only with EQ6 = 1.
 */
const macroScores: ReadonlyMap<string, readonly number[]> = new Map([
  ['000', [100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68]],
  ['001', [98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48]],
  ['002', [92, 82, 72, 79, 69, 50, 69, 55, 27]],
  ['010', [99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53]],
  ['011', [95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30]],
  ['012', [86, 75, 52, 71, 52, 29, 63, 29, 17]],
  ['100', [98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49]],
  ['101', [94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25]],
  ['102', [83, 70, 54, 65, 58, 26, 53, 21, 13]],
  ['110', [95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30]],
  ['111', [89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16]],
  ['112', [71, 59, 30, 58, 26, 15, 23, 13, 6]],
  ['200', [93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22]],
  ['201', [85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8]],
  ['202', [64, 51, 20, 47, 21, 11, 24, 9, 4]],
  ['210', [88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11]],
  ['211', [75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2]],
  ['212', [53, 24, 14, 24, 12, 5, 10, 3, 1]],
]);

interface MacroVector {
  readonly eq1: number;
  readonly eq2: number;
  readonly eq3: number;
  readonly eq4: number;
  readonly eq5: number;
  readonly eq6: number;
}

/** Undefined when there is no such macro vector. */
function macroScore({ eq1, eq2, eq3, eq4, eq5, eq6 }: MacroVector): number | undefined {
  if (eq4 > 2 || eq5 > 2 || eq6 > 1 || (eq3 === 2 && eq6 !== 1)) return undefined;
  const scores = macroScores.get(`${eq1}${eq2}${eq3}`);
  return eq3 === 2 ? scores?.[eq4 * 3 + eq5] : scores?.[eq4 * 6 + eq5 * 2 + eq6];
}

/** The most severe vectors of each level, in the order in which they are tried, and the depth of the level (tables 24 to 29). */
interface Level {
  readonly highest: readonly string[];
  readonly depth: number;
}

const levels1: readonly Level[] = [
  { highest: ['AV:N/PR:N/UI:N'], depth: 1 },
  { highest: ['AV:A/PR:N/UI:N', 'AV:N/PR:L/UI:N', 'AV:N/PR:N/UI:P'], depth: 4 },
  { highest: ['AV:P/PR:N/UI:N', 'AV:A/PR:L/UI:P'], depth: 5 },
];
const levels2: readonly Level[] = [
  { highest: ['AC:L/AT:N'], depth: 1 },
  { highest: ['AC:H/AT:N', 'AC:L/AT:P'], depth: 2 },
];
const levels4: readonly Level[] = [
  { highest: ['SC:H/SI:S/SA:S'], depth: 6 },
  { highest: ['SC:H/SI:H/SA:H'], depth: 5 },
  { highest: ['SC:L/SI:L/SA:L'], depth: 4 },
];
/** EQ3 and EQ6 together: keys `EQ3 EQ6`. */
const levels36: ReadonlyMap<string, Level> = new Map([
  ['00', { highest: ['VC:H/VI:H/VA:H/CR:H/IR:H/AR:H'], depth: 7 }],
  ['01', { highest: ['VC:H/VI:H/VA:L/CR:M/IR:M/AR:H', 'VC:H/VI:H/VA:H/CR:M/IR:M/AR:M'], depth: 6 }],
  ['10', { highest: ['VC:L/VI:H/VA:H/CR:H/IR:H/AR:H', 'VC:H/VI:L/VA:H/CR:H/IR:H/AR:H'], depth: 8 }],
  [
    '11',
    {
      highest: [
        'VC:L/VI:H/VA:L/CR:H/IR:M/AR:H',
        'VC:L/VI:H/VA:H/CR:H/IR:M/AR:M',
        'VC:H/VI:L/VA:H/CR:M/IR:H/AR:M',
        'VC:H/VI:L/VA:L/CR:M/IR:H/AR:H',
        'VC:L/VI:L/VA:H/CR:H/IR:H/AR:M',
      ],
      depth: 8,
    },
  ],
  ['21', { highest: ['VC:L/VI:L/VA:L/CR:H/IR:H/AR:H'], depth: 10 }],
]);

type Effective = (metric: string) => string;

/** Modified metrics win over base metrics; what is not defined counts as the worst case (section 8.1). */
function effectiveMetrics(metrics: ReadonlyMap<string, string>): Effective {
  return (metric) => {
    const modified = metrics.get(`M${metric}`);
    if (modified !== undefined && modified !== 'X') return modified;
    const value = metrics.get(metric) ?? 'X';
    if (value !== 'X') return value;
    return metric === 'E' ? 'A' : 'H';
  };
}

function macroVectorOf(value: Effective): MacroVector {
  const open = [value('AV') === 'N', value('PR') === 'N', value('UI') === 'N'];
  const vulnerable = [value('VC') === 'H', value('VI') === 'H', value('VA') === 'H'];
  const isSafety = value('SI') === 'S' || value('SA') === 'S';
  const isSubsequentHigh = value('SC') === 'H' || value('SI') === 'H' || value('SA') === 'H';
  const isRequired =
    (value('CR') === 'H' && value('VC') === 'H') ||
    (value('IR') === 'H' && value('VI') === 'H') ||
    (value('AR') === 'H' && value('VA') === 'H');
  return {
    eq1: open.every(Boolean) ? 0 : value('AV') !== 'P' && open.some(Boolean) ? 1 : 2,
    eq2: value('AC') === 'L' && value('AT') === 'N' ? 0 : 1,
    eq3: vulnerable[0] === true && vulnerable[1] === true ? 0 : vulnerable.some(Boolean) ? 1 : 2,
    eq4: isSafety ? 0 : isSubsequentHigh ? 1 : 2,
    eq5: value('E') === 'A' ? 0 : value('E') === 'P' ? 1 : 2,
    eq6: isRequired ? 0 : 1,
  };
}

/** Steps from the first of the most severe vectors that is nowhere less severe than the given one. */
function distanceFrom(level: Level, value: Effective): number {
  for (const vector of level.highest) {
    let sum = 0;
    let reached = true;
    for (const part of vector.split('/')) {
      const [metric = '', highest = ''] = part.split(':');
      const order = severityOrder[metric] ?? '';
      const steps = order.indexOf(value(metric)) - order.indexOf(highest);
      if (steps < 0) reached = false;
      sum += steps;
    }
    if (reached) return sum;
  }
  return 0;
}

/** Score of a vector whose base metrics are all given; other metrics count when they are. */
export function scoreOfCvss4(metrics: ReadonlyMap<string, string>): number {
  const value = effectiveMetrics(metrics);
  if (['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].every((metric) => value(metric) === 'N')) return 0;
  const macro = macroVectorOf(value);
  const score = macroScore(macro) ?? 0;
  const steps: readonly { readonly lower: number | undefined; readonly level: Level | undefined }[] = [
    { lower: macroScore({ ...macro, eq1: macro.eq1 + 1 }), level: levels1[macro.eq1] },
    { lower: macroScore({ ...macro, eq2: macro.eq2 + 1 }), level: levels2[macro.eq2] },
    { lower: lowerImpact(macro), level: levels36.get(`${macro.eq3}${macro.eq6}`) },
    { lower: macroScore({ ...macro, eq4: macro.eq4 + 1 }), level: levels4[macro.eq4] },
    // EQ5 has one metric, so that a vector is never on the way to the next level.
    { lower: macroScore({ ...macro, eq5: macro.eq5 + 1 }), level: undefined },
  ];
  const existing = steps.filter((step) => step.lower !== undefined);
  let sum = 0;
  for (const { lower = score, level } of existing) {
    if (level !== undefined) sum += ((score - lower) * distanceFrom(level, value)) / level.depth;
  }
  const reduced = existing.length === 0 ? score : score - sum / existing.length;
  return Math.floor(Math.min(100, Math.max(0, reduced)) + 0.5 + 1e-9) / 10;
}

/** The next lower macro vector of EQ3 and EQ6 together; where two lead down, the higher score (section 8.2). */
function lowerImpact(macro: MacroVector): number | undefined {
  const byRequirement = macroScore({ ...macro, eq6: macro.eq6 + 1 });
  const byImpact = macroScore({ ...macro, eq3: macro.eq3 + 1 });
  if (macro.eq6 === 1) return byImpact;
  if (macro.eq3 === 0) return Math.max(byRequirement ?? 0, byImpact ?? 0);
  return byRequirement;
}
