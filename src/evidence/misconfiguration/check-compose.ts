// SPDX-License-Identifier: Apache-2.0
// Runs checks over one Compose file: failed decisions with their findings, and one that passes for every check that found nothing. Comments that take
// checks out are honoured.

import { asObject, entriesOf } from '../../formats/document.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Decision } from '../../model/decision.ts';
import { messageOf } from '../../model/error.ts';
import type { Problem } from '../../model/problem.ts';
import type { ComposeCheck, ComposeFault, ComposeService } from './compose-check.ts';
import { inlineExemptionOf, inlineExemptions } from './inline-exemption.ts';

export interface ComposeCheckOptions {
  readonly checks: readonly ComposeCheck[];
  readonly subject: string;
  readonly evidence: readonly string[];
  /** Day of the run, `2026-07-01`, for exemptions that expire; without it none does. */
  readonly today?: string;
}

export interface ComposeChecking {
  readonly decisions: readonly Decision[];
  readonly problems: readonly Problem[];
}

/** Never throws. A file without services gives nothing: other programs have files of that name too. */
export function checkCompose(
  { path, text }: { readonly path: string; readonly text: string },
  options: ComposeCheckOptions,
): ComposeChecking {
  const document = parseYamlDocument(text, path, { merge: 'on' });
  const services = entriesOf(asObject(document.value)?.['services']).flatMap(([name, value]): ComposeService[] => {
    const service = asObject(value);
    return service === undefined ? [] : [{ name, service, at: ['services', name] }];
  });
  const looksLikeIt = /(?:^|[\s{,])["']?services["']?[ \t]{0,8}:/.test(text);
  const problems = looksLikeIt ? document.problems : [];
  if (services.length === 0) return { decisions: [], problems };
  const exemptions = inlineExemptions(text);
  const decisions = options.checks.flatMap((check): readonly Decision[] => {
    const plain = {
      rule: `misconfiguration/${check.id}`,
      subject: options.subject,
      severity: check.severity,
      evidence: options.evidence,
    };
    try {
      const failed = services.flatMap((service) =>
        check.run(service).map((fault): Decision => {
          const at = [...service.at, ...fault.member];
          const lines = new Set<number>();
          for (let length = 0; length <= at.length; length += 1) {
            const { line } = document.locate(at.slice(0, length));
            if (line !== undefined) lines.add(line);
          }
          const suppressed = inlineExemptionOf(exemptions, check, { path, lines, today: options.today });
          return {
            ...plain,
            ...failure(check, service, fault),
            outcome: 'fail',
            locations: [document.locate(at)],
            ...(suppressed === undefined ? {} : { suppressed }),
          };
        }),
      );
      if (failed.length > 0) return failed;
      return [{ ...plain, outcome: 'pass', message: `${check.title}: not found`, locations: [{ path }] }];
    } catch (error) {
      const message = `${check.title}: could not judge the file: ${messageOf(error)}`;
      return [{ ...plain, outcome: 'error', message, locations: [{ path }] }];
    }
  });
  return { decisions, problems };
}

function failure(
  check: ComposeCheck,
  { name }: ComposeService,
  fault: ComposeFault,
): Pick<Decision, 'severity' | 'message' | 'finding'> {
  const { id, aliases, title, remediation, urls } = check;
  const severity = fault.severity ?? check.severity;
  const resource = `service ${name}`;
  const message = `the service ${name} ${fault.message}`;
  return {
    severity,
    message,
    finding: { kind: 'misconfiguration', id, aliases, title, severity, message, remediation, resource, urls },
  };
}
