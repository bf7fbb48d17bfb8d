// SPDX-License-Identifier: Apache-2.0
// Findings at places (configuration, secrets, pipelines, code) out of our own JSON report. Automatic fixes are not read back: the texts they are
// for may have changed since.
import { confidences } from '../model/confidence.ts';
import type { Location } from '../model/location.ts';
import type { PlacedFinding } from '../model/placed-finding.ts';
import { severities } from '../model/severity.ts';
import type { JsonObject } from './document.ts';
import { asObject, asString, asStrings } from './document.ts';
import { locationsOf, oneOf } from './landwaiter-report-parts.ts';

const personas = ['regular', 'pedantic', 'auditor'] as const;
const principles = [
  'least-privilege',
  'ephemeral-environments',
  'secrets-management',
  'provenance-integrity',
  'injection',
  'correctness',
] as const;

/** Undefined when it is not of these kinds, or lacks an id. */
export function placedFindingIn(item: JsonObject): PlacedFinding | undefined {
  const id = asString(item['id']);
  if (id === undefined || id === '') return undefined;
  const locations = locationsOf(item['locations']);
  const location: Location = locations[0] ?? { path: '.' };
  const title = asString(item['title']) ?? id;
  const severity = oneOf(severities, item['severity']) ?? 'unknown';
  const confidence = oneOf(confidences, item['confidence']) ?? 'medium';
  const fingerprint = asString(item['fingerprint']) ?? '';
  const message = asString(item['message']);
  const remediation = asString(item['remediation']) ?? '';
  const aliases = asStrings(item['aliases']);
  switch (item['kind']) {
    case 'misconfiguration': {
      const origin = oneOf(['base', 'own'] as const, item['origin']);
      if (message === undefined) return undefined;
      const resource = asString(item['resource']) ?? '';
      const urls = asStrings(item['urls']);
      const base = { kind: 'misconfiguration', id, aliases, title, severity, message, remediation, resource } as const;
      return { ...base, ...(origin === undefined ? {} : { origin }), urls };
    }
    case 'secret': {
      const redacted = asString(item['redacted']) ?? '';
      const commit = commitIn(asObject(item['commit']));
      const tags = asStrings(item['tags']);
      const base = { kind: 'secret', id, title, severity, confidence, location, redacted, fingerprint } as const;
      return { ...base, ...(commit === undefined ? {} : { commit }), tags };
    }
    case 'pipeline': {
      if (message === undefined) return undefined;
      const job = asString(item['job']);
      const step = asString(item['step']);
      return {
        kind: 'pipeline',
        id,
        aliases,
        title,
        message,
        remediation,
        severity,
        confidence,
        persona: oneOf(personas, item['persona']) ?? 'regular',
        principle: oneOf(principles, item['principle']) ?? 'correctness',
        locations,
        ...(job === undefined ? {} : { job }),
        ...(step === undefined ? {} : { step }),
      };
    }
    case 'policy': {
      if (message === undefined) return undefined;
      const engine = asString(item['engine']) ?? '';
      const effect = oneOf(['deny', 'warn', 'audit'] as const, item['effect']) ?? 'deny';
      const resource = asString(item['resource']) ?? '';
      return { kind: 'policy', id, title, engine, severity, effect, message, resource };
    }
    case 'code': {
      if (message === undefined) return undefined;
      const cwes = asStrings(item['cwes']);
      const reportedBy = asStrings(item['reportedBy']);
      return { kind: 'code', id, title, message, severity, confidence, location, cwes, reportedBy, fingerprint };
    }
    default:
      return undefined;
  }
}

function commitIn(
  item: JsonObject | undefined,
): { id: string; author: string; date: string; message: string } | undefined {
  const id = asString(item?.['id']);
  if (item === undefined || id === undefined) return undefined;
  const text = (name: string): string => asString(item[name]) ?? '';
  return { id, author: text('author'), date: text('date'), message: text('message') };
}
