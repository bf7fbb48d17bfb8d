// SPDX-License-Identifier: Apache-2.0
// What the policy commands are given: policies with their exceptions, objects they judge, objects they may look up.
import { randomInt } from 'node:crypto';
import { asObject } from '../../formats/document.ts';
import type { KubernetesResource } from '../../formats/kubernetes-yaml/resources.ts';
import { formatLocation } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import { plural } from '../../model/quantity.ts';
import type { CompileOptions } from '../../policy/engine.ts';
import { policyEngines } from '../../policy/engines.ts';
import { isCelException } from '../../policy/kyverno/cel/exceptions.ts';
import { isPolicyException } from '../../policy/kyverno/exceptions.ts';
import type { PolicySet } from '../../policy/policy-set.ts';
import { compilePolicySet, describeObject } from '../../policy/policy-set.ts';
import type { DocumentFiles } from '../policy/policy-files.ts';
import { readDocuments } from '../policy/policy-files.ts';
import { isToolDocument } from '../policy/tool-documents.ts';
import { sortUntaken } from '../policy/untaken-policies.ts';
import type { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { usage } from './usage.ts';

export interface PolicyInputs {
  readonly set: PolicySet;
  readonly resources: readonly KubernetesResource[];
  readonly known: readonly KubernetesResource[];
  /** Of reading, of compiling, and of documents that are policies of a dialect that nobody here speaks. */
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly bytes: number;
}

/** Throws USAGE when no policy is named, TARGET_NOT_FOUND for a name that leads nowhere. */
export async function readPolicyInputs(
  context: CommandContext,
  operands: readonly string[],
  values: FlagValues,
  trace: 'on' | 'off' = 'off',
): Promise<PolicyInputs> {
  if (operands.length === 0)
    throw usage(
      'policy needs the files or folders of policies',
      'landwaiter policy apply policies/ --resource manifests/',
    );
  refuseTwice([...operands, ...values.list('resource'), ...values.list('known'), ...values.list('exception')]);
  const policies = await readDocuments(operands, context);
  const named = await readDocuments(values.list('resource'), context);
  const known = await readDocuments(values.list('known'), context);
  const exceptions = await readExceptions(context, values);
  const documents = [...policies.documents, ...exceptions.documents];
  const settings = { ...compileOptions(context, values, trace), ...admitted(exceptions.documents, values) };
  const set = compilePolicySet(documents, policyEngines, settings);
  const left = new Set<unknown>(set.others);
  const untaken = sortUntaken(policies.documents.filter((document) => left.has(document)));
  const isSeparate = values.list('resource').length > 0;
  const read = [policies, named, known, exceptions];
  for (const { engine, documents: own, policies: compiled } of set.engines.filter(
    (member) => member.documents.length > 0,
  ))
    context.log.info(
      `${engine.title}: ${plural(own.length, 'document')}, ${plural(compiled.length, 'policy', 'policies')}`,
    );
  for (const place of read.flatMap(({ noObjects }) => noObjects))
    context.log.warn(`${formatLocation(place)}: no Kubernetes object (apiVersion and kind are missing); passed over`);
  const problems = [...read.flatMap((each) => each.problems), ...set.problems, ...untaken.problems];
  const beside = untaken.objects.filter(isOfCluster);
  const resources = named.documents.filter(isOfCluster);
  const lookedUp = known.documents.filter(isOfCluster);
  return {
    set,
    resources: isSeparate ? resources : beside,
    known: [...lookedUp, ...(isSeparate ? beside : [])],
    problems: [
      ...problems,
      ...emptyHanded(operands, { engines: set.engines, problems }, [...beside, ...resources, ...lookedUp]),
    ],
    files: read.reduce((sum, { files }) => sum + files, 0),
    bytes: read.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function isOfCluster(document: KubernetesResource): boolean {
  return !isToolDocument(document);
}

function compileOptions(context: CommandContext, values: FlagValues, trace: 'on' | 'off'): CompileOptions {
  return {
    unbound: 'apply',
    trace,
    surroundings: { now: () => context.clock.now(), random: (below) => randomInt(below) },
    keyTransparencyLog: values.text('key-transparency-log') === 'not-asked' ? 'not-asked' : 'required',
    hardening: hardeningOf(values),
  };
}

/** Strict compilers take no exception of a namespace that was not named; whoever names an exception names its namespace. */
function admitted(
  exceptions: readonly KubernetesResource[],
  values: FlagValues,
): Pick<CompileOptions, 'exceptionNamespaces'> {
  if (!values.isSet('strict')) return {};
  return { exceptionNamespaces: exceptions.map(({ namespace = 'default' }) => namespace) };
}

/** What `--strict` asks for. */
export function hardeningOf(values: FlagValues): NonNullable<CompileOptions['hardening']> {
  return values.isSet('strict') ? 'strict' : 'parity';
}

/** The second reader would find nothing there, and nothing would look like no objects. Throws USAGE. */
function refuseTwice(names: readonly string[]): void {
  if (names.filter((name) => name === '-').length > 1) throw usage('standard input (-) can be read only once');
}

/** Throws USAGE for what is no exception: it would except nothing. */
async function readExceptions(context: CommandContext, values: FlagValues): Promise<DocumentFiles> {
  const read = await readDocuments(values.list('exception'), context);
  for (const document of read.documents) {
    const { object } = document;
    if (!isPolicyException(object) && !isCelException(object))
      throw usage(
        `--exception: ${describeObject(object)} (${formatLocation(document.locate(['kind']))}) is no PolicyException`,
        'policies are operands; objects that policies may look up go to --known',
      );
  }
  return read;
}

/** A run without policies would let everything pass. Labels of namespaces are policies too: those of Pod Security. */
function emptyHanded(
  operands: readonly string[],
  { engines, problems }: Pick<PolicySet, 'engines' | 'problems'>,
  objects: readonly KubernetesResource[],
): readonly Problem[] {
  const hasPolicies = engines.some(({ documents }) => documents.length > 0) || objects.some(isLabelledNamespace);
  if (hasPolicies || problems.length > 0) return [];
  const message = 'there is no policy of a kind that is known here; nothing was judged';
  return [{ kind: 'unsupported', message, location: { path: operands.join(' ') }, hidesFindings: true }];
}

function isLabelledNamespace({ kind, object }: KubernetesResource): boolean {
  const labels = Object.keys(asObject(asObject(object['metadata'])?.['labels']) ?? {});
  return kind === 'Namespace' && labels.some((label) => label.startsWith('pod-security.kubernetes.io/'));
}

/** Every problem on stderr; for commands whose report has no place for them. */
export function warnOfProblems({ log }: CommandContext, problems: readonly Problem[]): void {
  for (const problem of problems) log.warn(`${formatLocation(problem.location)}: ${problem.message}`);
}
