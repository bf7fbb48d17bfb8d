// SPDX-License-Identifier: Apache-2.0
// Runs the checks over one image: failed decisions with their findings, and one that passes for every check that found nothing.
import type { Decision } from '../../model/decision.ts';
import type { ImageCheck, ImageFault, ImageUnderCheck } from './image-check.ts';

export interface ImageCheckOptions {
  readonly checks: readonly ImageCheck[];
  /** Id of the image. */
  readonly subject: string;
  /** Ids of the evidence on it. */
  readonly evidence: readonly string[];
}

export function checkImage(image: ImageUnderCheck, options: ImageCheckOptions): readonly Decision[] {
  return options.checks.flatMap((check): readonly Decision[] => {
    const faults = check.run(image);
    if (faults.length > 0) return faults.map((fault) => decisionOf(check, fault, options));
    const { subject, evidence } = options;
    return [
      {
        rule: `misconfiguration/${check.id}`,
        subject,
        outcome: 'pass',
        severity: check.severity,
        message: `${check.title}: not found`,
        locations: [],
        evidence,
      },
    ];
  });
}

function decisionOf(check: ImageCheck, fault: ImageFault, { subject, evidence }: ImageCheckOptions): Decision {
  const { id, aliases, title, remediation, urls } = check;
  const severity = fault.severity ?? check.severity;
  return {
    rule: `misconfiguration/${id}`,
    subject,
    outcome: 'fail',
    severity,
    message: fault.message,
    locations: [fault.location],
    evidence,
    finding: {
      kind: 'misconfiguration',
      id,
      aliases,
      title,
      severity,
      message: fault.message,
      remediation,
      resource: fault.resource,
      ...(fault.origin === undefined ? {} : { origin: fault.origin }),
      urls,
    },
  };
}
