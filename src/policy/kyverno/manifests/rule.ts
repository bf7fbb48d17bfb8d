// SPDX-License-Identifier: Apache-2.0
// validate.manifests: an object must be what somebody signed (Kyverno validate_manifest.go). The manifest and its signatures stand in annotations of the object;
// both must hold: a signature over the manifest by whom the policy names, and an object that is the manifest. Not here: manifests that lie in a registry, and
// dry runs, which need a cluster; a rule that depends on either ends in an error.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import type { SignedManifest } from '../../../formats/signed-manifest.ts';
import { manifestAnnotationDomain, readSignedManifest, textsOfMessage } from '../../../formats/signed-manifest.ts';
import type { AuthorityAnswer } from '../../image-policy/evaluate.ts';
import { JmespathFault } from '../../jmespath/fault.ts';
import type { MessageSource } from '../messages.ts';
import type { CompiledBody, RuleEvaluation, RuleOutcome } from '../rule.ts';
import { outcome } from '../rule.ts';
import { hasVariables, substitute } from '../substitute.ts';
import { countSets } from '../verify-images/attestor-sets.ts';
import { openedSigner } from '../verify-images/demands.ts';
import type { RuleScope } from '../verify-images/rule.ts';
import type { SignerEntry } from '../verify-images/signer.ts';
import { EntryFault, itemsIn } from '../verify-images/signer.ts';
import type { AttestorSet } from '../verify-images/verification.ts';
import { readSet } from '../verify-images/verification.ts';
import type { Difference } from './difference.ts';
import { differencesFrom } from './difference.ts';
import type { FieldBinding } from './ignored-fields.ts';
import { ignoredFieldsOf, readFieldBindings } from './ignored-fields.ts';

interface ManifestVerification {
  readonly attestors: readonly AttestorSet[];
  readonly ignored: readonly FieldBinding[];
  readonly domain: string;
  readonly mayRunDry: boolean;
  readonly repository: string;
}

/** The body of a `manifests` block. */
export function compileManifests(manifests: JsonObject, source: MessageSource, scope: RuleScope): CompiledBody {
  if (hasVariables(manifests))
    return {
      kind: 'body',
      run: (evaluation) => {
        const replaced = substitute(manifests, evaluation.context);
        if (replaced instanceof JmespathFault) return outcome(source.rule, 'error', replaced.message);
        const read = readManifests(asObject(replaced) ?? {}, scope);
        return typeof read === 'string' ? outcome(source.rule, 'error', read) : run(read, source, evaluation);
      },
    };
  const read = readManifests(manifests, scope);
  if (typeof read === 'string') return { kind: 'invalid', message: read };
  return { kind: 'body', run: (evaluation) => run(read, source, evaluation) };
}

/** A message says what is wrong. */
function readManifests(block: JsonObject, scope: RuleScope): ManifestVerification | string {
  try {
    const path = ['manifests', 'attestors'];
    const attestors = itemsIn(block['attestors'], path).map(([set, at]) =>
      readSet(set, at, { ...scope, type: 'Cosign' }),
    );
    if (attestors.length === 0) return 'manifests.attestors must name somebody';
    const dryRun = asObject(block['dryRun']);
    return {
      attestors,
      ignored: readFieldBindings(block['ignoreFields']),
      domain: asString(block['annotationDomain']) ?? manifestAnnotationDomain,
      mayRunDry: dryRun?.['enable'] === true,
      repository: asString(block['repository']) ?? '',
    };
  } catch (error) {
    if (error instanceof EntryFault) return `${error.path.join('.')}: ${error.message}`;
    throw error;
  }
}

function run(
  verification: ManifestVerification,
  { rule, message }: MessageSource,
  { request, context, data }: RuleEvaluation,
): RuleOutcome | undefined {
  const { object } = request;
  if (request.operation === 'DELETE' || object === undefined) return undefined;
  const said = (status: 'fail' | 'error', why: string): RuleOutcome =>
    outcome(rule, status, [message.trim(), why].filter((part) => part !== '').join(': '));
  if (verification.repository !== '')
    return said('error', `manifests in a registry are not looked for (repository ${verification.repository})`);
  const annotations = asObject(asObject(object['metadata'])?.['annotations']) ?? {};
  const read = readSignedManifest(annotations, verification.domain);
  if (read.kind === 'malformed') return said('fail', `the signed manifest cannot be read: ${read.reason}`);
  const signed = read.value;
  if (signed === undefined || signed.signatures.length === 0) return said('fail', 'there is no signed manifest');
  const manifests = manifestsFor(object, signed);
  if (typeof manifests === 'string') return said('fail', manifests);
  const options = { hardening: context.hardening, ignored: ignoredFieldsOf(object, ownFields(verification)) };
  const differences = manifests.map((manifest) => differencesFrom(manifest, object, options));
  const closest = differences.toSorted((left, right) => left.length - right.length)[0] ?? [];
  if (closest.length > 0) {
    const what = `the object is not what was signed: ${closest.map(described).join('; ')}`;
    return verification.mayRunDry
      ? said('error', `${what}. A dry run may explain that, and needs a cluster, which is not asked`)
      : said('fail', what);
  }
  const ask = (entry: SignerEntry): AuthorityAnswer => askSigner(entry, { annotations, signed, data });
  const answer = countSets(verification.attestors, ask);
  if (answer.outcome === 'pass') return outcome(rule, 'pass', `verified manifest signatures; ${answer.message}`);
  return said(answer.outcome === 'fail' ? 'fail' : 'error', answer.message);
}

/** The annotations that hold the proof are not part of what was signed. */
function ownFields({ domain, ignored }: ManifestVerification): readonly FieldBinding[] {
  const names = ['message', 'signature*', 'certificate*', 'bundle*', 'resourceBundleRef'];
  return [...ignored, { fields: names.map((name) => `metadata.annotations.${domain}/${name}`), objects: [] }];
}

/** The signed manifests that are for an object: of its group, kind and name. */
function manifestsFor(object: JsonObject, { message }: SignedManifest): readonly JsonObject[] | string {
  const texts = textsOfMessage(message);
  if (texts.kind === 'malformed') return `the signed manifest cannot be read: ${texts.reason}`;
  const found: JsonObject[] = [];
  for (const text of texts.value) {
    const documents = parseKubernetesYaml(text, 'message');
    const [fault] = documents.flatMap(({ problems }) => problems);
    // A manifest that two readers may read differently was not signed by who signed it.
    if (fault !== undefined) return `the signed manifest cannot be read: ${fault.message}`;
    found.push(...resourcesOf(documents).resources.map((resource) => resource.object));
  }
  const own = found.filter((manifest) => nameOf(manifest) === nameOf(object));
  return own.length === 0 ? 'the signed manifest is for another object' : own;
}

function nameOf({ apiVersion, kind, metadata }: JsonObject): string {
  const version = asString(apiVersion) ?? '';
  const { name, generateName } = asObject(metadata) ?? {};
  const group = version.includes('/') ? version.slice(0, version.lastIndexOf('/')) : '';
  return JSON.stringify([group, kind, name ?? generateName]);
}

function described({ field, signed, actual }: Difference): string {
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100));
  return `${field} is ${shown(actual)} and was signed as ${shown(signed)}`;
}

interface Asked {
  readonly annotations: JsonObject;
  readonly signed: SignedManifest;
  readonly data: RuleEvaluation['data'];
}

/** One of the signatures is enough for a signer. */
function askSigner(entry: SignerEntry, { annotations, signed, data }: Asked): AuthorityAnswer {
  if (entry.refusal !== undefined) return { outcome: 'fail', message: entry.refusal };
  if (entry.repository !== undefined)
    return { outcome: 'error', message: `manifests in a registry are not looked for (repository ${entry.repository})` };
  for (const [name, value] of Object.entries(entry.annotations))
    if (annotations[name] !== value) return { outcome: 'fail', message: `the annotation ${name} is not ${value}` };
  const signer = openedSigner(entry.signer, data);
  if (typeof signer === 'string') return { outcome: 'error', message: signer };
  const answers = signed.signatures.map((signature): AuthorityAnswer => {
    // A log entry that lies beside a signature must be right, whether it is asked for or not: matches Kyverno.
    const log = signature.bundle === undefined ? entry.log : 'required';
    const { roots, timestamp } = entry;
    const found = data.blobSignature?.({ signer, roots, log, timestamp, message: signed.message, signature });
    switch (found?.kind) {
      case 'found':
        return found.value;
      case 'pending':
        return { outcome: 'pending', message: 'not looked up yet' };
      case 'failed':
        return { outcome: 'error', message: found.message };
      default:
        return { outcome: 'error', message: 'nobody here verifies signatures of manifests' };
    }
  });
  for (const outcomeName of ['pass', 'pending', 'error'] as const) {
    const best = answers.find((answer) => answer.outcome === outcomeName);
    if (best !== undefined) return best;
  }
  const messages = [...new Set(answers.map(({ message }) => message))];
  return { outcome: 'fail', message: `no signature counts: ${messages.join('; ')}` };
}
