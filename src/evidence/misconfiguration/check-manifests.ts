// SPDX-License-Identifier: Apache-2.0
// Runs checks over the Kubernetes objects of a target: one failed decision with its finding for every fault, and one that passes for every check that
// looked at something and found nothing. Exemptions in the manifests are honoured and kept visible. Not here: reading files, choosing severities.

import type { DocumentPath } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import type { Decision, Suppression } from '../../model/decision.ts';
import { messageOf } from '../../model/error.ts';
import type { Location } from '../../model/location.ts';
import type { Fix } from '../../model/text-edit.ts';
import type { InlineExemption } from './inline-exemption.ts';
import { inlineExemptionOf, inlineExemptions } from './inline-exemption.ts';
import type { ManifestCheck, ManifestFault, ManifestProfile, ManifestSet } from './manifest-check.ts';
import { exemptionOf } from './manifest-exemption.ts';
import { fixOf, lineStartsOf } from './manifest-fix.ts';
import { nameOfResource } from './workload.ts';

export type CheckParameters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ManifestCheckOptions {
  readonly checks: readonly ManifestCheck[];
  /** Checks of other profiles do not run; `landwaiter` when absent. */
  readonly profile?: ManifestProfile;
  /** By the id of the check. */
  readonly parameters?: CheckParameters;
  /** Exemptions that objects give themselves by annotations; honoured when absent. */
  readonly annotations?: 'honoured' | 'ignored';
  readonly subject: string;
  readonly evidence: readonly string[];
  /** Texts of the files by path, for exemptions in comments. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Day of the run, `2026-07-01`, for exemptions that expire; without it none does. */
  readonly today?: string;
}

/** Judges all objects together. Never throws: a check that fails gives a decision with the outcome `error`. */
export function checkManifests(
  resources: readonly KubernetesResource[],
  options: ManifestCheckOptions,
): readonly Decision[] {
  const profile = options.profile ?? 'landwaiter';
  const set = manifestSet(resources, options.parameters ?? {});
  const texts = new TextIndex(options.texts ?? new Map());
  return options.checks
    .filter((check) => check.profiles.includes(profile))
    .flatMap((check) => runCheck(check, { set, texts, options }));
}

/** Everything that is looked at together. Kinds are looked up without regard to case, so that a misspelt one is not passed over. */
export function manifestSet(resources: readonly KubernetesResource[], parameters: CheckParameters): ManifestSet {
  const byKind = new Map<string, KubernetesResource[]>();
  for (const resource of resources) {
    const kind = resource.kind.toLowerCase();
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [resource]);
    else known.push(resource);
  }
  return {
    resources,
    ofKind: (kind) => byKind.get(kind.toLowerCase()) ?? [],
    parametersOf: (check) => (Object.hasOwn(parameters, check) ? (parameters[check] ?? {}) : {}),
  };
}

interface Run {
  readonly set: ManifestSet;
  readonly texts: TextIndex;
  readonly options: ManifestCheckOptions;
}

function runCheck(check: ManifestCheck, { set, texts, options }: Run): readonly Decision[] {
  const decisions: Decision[] = [];
  const looked = resourcesFor(check, set);
  for (const resource of looked) {
    try {
      for (const fault of check.run(resource, set)) {
        const own = options.annotations === 'ignored' ? undefined : exemptionOf(resource, check);
        const suppressed = own ?? texts.exemptionOf(check, { fault, resource }, options.today);
        decisions.push(failed(check, { resource, fault, suppressed, fix: texts.fixOf(fault, resource) }, options));
      }
    } catch (error) {
      decisions.push({
        ...unadorned(check, options),
        outcome: 'error',
        message: `${check.title}: could not judge ${nameOfResource(resource)}: ${messageOf(error)}`,
        locations: [resource.locate([])],
      });
    }
  }
  if (decisions.length > 0) return decisions;
  const outcome = looked.length === 0 ? 'skip' : 'pass';
  const message = outcome === 'skip' ? `${check.title}: nothing to look at` : `${check.title}: not found`;
  return [{ ...unadorned(check, options), outcome, message, locations: [] }];
}

/** In the order of the files, whatever the kinds. */
function resourcesFor({ kinds }: ManifestCheck, set: ManifestSet): readonly KubernetesResource[] {
  if (kinds === undefined) return set.resources;
  const [only] = kinds;
  if (kinds.length === 1 && only !== undefined) return set.ofKind(only);
  const wanted = new Set(kinds.map((kind) => kind.toLowerCase()));
  return set.resources.filter(({ kind }) => wanted.has(kind.toLowerCase()));
}

function unadorned(check: ManifestCheck, { subject, evidence }: ManifestCheckOptions) {
  return { rule: `misconfiguration/${check.id}`, subject, severity: check.severity, evidence };
}

interface Judged {
  readonly resource: KubernetesResource;
  readonly fault: ManifestFault;
  readonly suppressed: Suppression | undefined;
  readonly fix: Fix | undefined;
}

function failed(
  check: ManifestCheck,
  { resource, fault, suppressed, fix }: Judged,
  options: ManifestCheckOptions,
): Decision {
  const { id, aliases, title, remediation, urls } = check;
  const severity = fault.severity ?? check.severity;
  return {
    ...unadorned(check, options),
    outcome: 'fail',
    severity,
    message: `${nameOfResource(resource)}: ${fault.message}`,
    locations: [resource.locate(fault.at)],
    finding: {
      kind: 'misconfiguration',
      id,
      aliases,
      title,
      severity,
      message: fault.wording?.[options.profile ?? 'landwaiter'] ?? fault.message,
      remediation,
      resource: nameOfResource(resource),
      urls,
      ...(fix === undefined ? {} : { fix }),
    },
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

/** Comments and lines of all files, read when the first fault of a file asks. */
class TextIndex {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #read = new Map<string, readonly InlineExemption[]>();
  readonly #lineStarts = new Map<string, readonly number[]>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** A comment at the fault, at anything the fault stands in, or at the first line of the object. */
  exemptionOf(
    check: ManifestCheck,
    { fault, resource }: Pick<Judged, 'fault' | 'resource'>,
    today: string | undefined,
  ): Suppression | undefined {
    const { path } = resource.locate([]);
    const exemptions = this.#of(path);
    if (exemptions.length === 0) return undefined;
    return inlineExemptionOf(exemptions, check, { path, lines: linesAround(resource, fault.at), today });
  }

  /** The fault's own fix, or one made of what it wants. */
  fixOf(fault: ManifestFault, resource: KubernetesResource): Fix | undefined {
    if (fault.fix !== undefined || fault.wanted === undefined) return fault.fix;
    const { path } = resource.locate([]);
    const text = this.#texts.get(path);
    // Places are counted without a byte order mark.
    if (text === undefined || text.startsWith('\uFEFF')) return undefined;
    const lineStarts = this.#lineStarts.get(path) ?? lineStartsOf(text);
    this.#lineStarts.set(path, lineStarts);
    return fixOf(fault.wanted, { resource, text, lineStarts });
  }

  #of(path: string): readonly InlineExemption[] {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const read = inlineExemptions(this.#texts.get(path) ?? '');
    this.#read.set(path, read);
    return read;
  }
}

function linesAround(resource: KubernetesResource, at: DocumentPath): ReadonlySet<number> {
  const places: Location[] = [];
  for (let length = 0; length <= at.length; length += 1) places.push(resource.locate(at.slice(0, length)));
  return new Set(places.flatMap(({ line }) => (line === undefined ? [] : [line])));
}
