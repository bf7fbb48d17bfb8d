// SPDX-License-Identifier: Apache-2.0
// Kyverno's policies behind the common engine interface: what is taken, and in which order it is asked; all mutate before any validates. Made with a
// clock and a source of chance, since expressions may ask for both. Kinds of policies are in policy-engine-kinds.ts.
// Roles of the requester come from the data provider. Where it knows none, a rule that is only about some roles applies to nobody.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import type { Problem } from '../../model/problem.ts';
import { labelsOf } from '../admission-policy/match-resources.ts';
import type { AdmissionData } from '../admission-policy/params.ts';
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { kindOfResource } from '../admission-policy/rest-mapping.ts';
import type { DataProvider } from '../data-provider.ts';
import { noData } from '../data-provider.ts';
import type {
  CompiledEngine,
  CompiledPolicyFacts,
  EngineData,
  EngineDocument,
  EngineOutcome,
  EnginePart,
  EngineSurroundings,
  PolicyDecision,
  PolicyEngine,
  PolicyWrite,
  StatedValues,
} from '../engine.ts';
import { definePolicyEngine } from '../engine.ts';
import { diffJson } from '../patch/json-diff.ts';
import { describeObject } from '../policy-set.ts';
import type { CelException } from './cel/exceptions.ts';
import { compileCelException, isCelException } from './cel/exceptions.ts';
import { ImageRound } from './cel/image-round.ts';
import type { PolicyRequest } from './engine.ts';
import type { PolicyException } from './exceptions.ts';
import { compileException, isPolicyException } from './exceptions.ts';
import type { PolicySettings } from './policy.ts';
import { policyKinds } from './policy-engine-kinds.ts';
import type { Member, Situation } from './policy-engine-member.ts';
import { decisionOf, isTold, phasesOf, writesOf } from './policy-engine-member.ts';
import { Queries } from './queries.ts';

export const kyvernoPolicyEngine = definePolicyEngine({
  id: 'kyverno',
  title: 'Kyverno policies',
  accepts: ({ object }) => accepting.some((accepts) => accepts(object)),
  compile: (documents, { surroundings, ...settings }) =>
    compileWith(surroundings ?? nothingAround, documents, settings),
});

const nothingAround: EngineSurroundings = { now: () => Number.NaN, random: () => Number.NaN };

function compileWith(
  surroundings: EngineSurroundings,
  documents: readonly EngineDocument[],
  { keyTransparencyLog = 'required', hardening = 'parity', exceptionNamespaces }: Partial<PolicySettings>,
): CompiledEngine {
  const namespaces = exceptionNamespaces ?? (hardening === 'strict' ? [] : undefined);
  const set = new KyvernoSet(surroundings, { keyTransparencyLog, hardening, exceptionNamespaces: namespaces });
  for (const document of documents) set.add(document);
  return set;
}

/** The same engine with a clock and a source of chance of its own. */
export function kyvernoEngine(surroundings: EngineSurroundings): PolicyEngine {
  return {
    ...kyvernoPolicyEngine,
    compile: (documents, settings) => compileWith(surroundings, documents, settings),
  };
}

const accepting: readonly ((object: JsonObject) => boolean)[] = [
  ...policyKinds.map(({ accepts }) => accepts),
  isPolicyException,
  isCelException,
  isForTheBackground,
];

/** Kinds that say nothing of requests: what they delete, or keep at hand for other policies, is the matter of a background controller. */
const backgroundKinds: ReadonlySet<string> = new Set([
  'kyverno.io GlobalContextEntry',
  'kyverno.io CleanupPolicy',
  'kyverno.io ClusterCleanupPolicy',
  'policies.kyverno.io DeletingPolicy',
  'policies.kyverno.io NamespacedDeletingPolicy',
]);

function isForTheBackground({ apiVersion, kind }: JsonObject): boolean {
  const [group = ''] = (asString(apiVersion) ?? '').split('/');
  return backgroundKinds.has(`${group} ${asString(kind) ?? ''}`);
}

class KyvernoSet implements CompiledEngine {
  readonly problems: Problem[] = [];
  readonly policies: CompiledPolicyFacts[] = [];
  readonly #members: Member[] = [];
  readonly #exceptions: PolicyException[] = [];
  readonly #celExceptions: CelException[] = [];
  readonly #queries: Queries;
  readonly #settings: PolicySettings;
  /** That of the request that is being judged. */
  #data: DataProvider = noData;
  #cluster: AdmissionData | undefined;
  #images = new ImageRound();
  #tell: EngineData['tell'];

  constructor(surroundings: EngineSurroundings, settings: PolicySettings) {
    this.#settings = settings;
    this.#queries = new Queries({
      now: () => surroundings.now(),
      random: (below) => surroundings.random(below),
      addressesOf: (host) => this.#data.addressesOf(host),
    });
  }

  add(document: EngineDocument): void {
    const { object } = document;
    const kind = policyKinds.find(({ accepts }) => accepts(object));
    if (kind === undefined) {
      this.#addOther(document);
      return;
    }
    const { member, problems } = kind.read(document, { queries: this.#queries, settings: this.#settings });
    this.problems.push(...problems);
    if (member === undefined) return;
    this.policies.push(member.facts);
    this.#members.push(member);
  }

  #addOther(document: EngineDocument): void {
    const { object } = document;
    if ((isPolicyException(object) || isCelException(object)) && !this.#mayExcept(object)) {
      // Whoever may write an exception anywhere would be past every policy (CVE-2024-48921).
      const message = `${describeObject(object)} does not count: exceptions of its namespace were not allowed`;
      const location = document.locate(['metadata', 'name']);
      this.problems.push({ kind: 'schema', message, location, hidesFindings: false });
    } else if (isPolicyException(object)) {
      const compiled = compileException(object);
      if (compiled.kind === 'exception') this.#exceptions.push(compiled.exception);
      else this.#refuse(document, compiled.message);
    } else if (isCelException(object)) {
      const compiled = compileCelException(object);
      if (compiled.kind === 'exception') this.#celExceptions.push(compiled.exception);
      else this.#refuse(document, compiled.message);
    } else if (isForTheBackground(object) && object['kind'] !== 'GlobalContextEntry')
      this.problems.push({
        kind: 'unsupported',
        message: `${describeObject(object)}: deletes in the background, which judges no request`,
        location: document.locate(['metadata', 'name']),
        hidesFindings: false,
      });
  }

  #mayExcept(exception: JsonObject): boolean {
    const { exceptionNamespaces: allowed } = this.#settings;
    const namespace = asString(asObject(exception['metadata'])?.['namespace']) ?? 'default';
    return allowed === undefined || allowed.includes('*') || allowed.includes(namespace);
  }

  #refuse(document: EngineDocument, message: string): void {
    const location = document.locate(['metadata', 'name']);
    this.problems.push({ kind: 'schema', message: `PolicyException: ${message}`, location, hidesFindings: true });
  }

  get parts(): readonly EnginePart[] {
    return this.#members.map(({ isAlone }) => ({ separable: isAlone }));
  }

  judge(
    request: AdmissionRequest,
    { cluster, provider, phase: asked = 'both', tell, writes: wanted, values }: EngineData,
    only?: ReadonlySet<number>,
  ): EngineOutcome {
    const members = only === undefined ? this.#members : this.#members.filter((_, place) => only.has(place));
    this.#data = provider;
    this.#cluster = cluster;
    this.#images = new ImageRound();
    this.#tell = tell;
    const namespace = request.namespace === undefined ? undefined : cluster.namespace(request.namespace);
    const decisions: PolicyDecision[] = [];
    let { object } = request;
    // One for all members, until one of them changes the object: what is worked out for the first is there for the others.
    let situation = this.#situation(request, namespace, values);
    const writes: PolicyWrite[] = [];
    const annotations: Record<string, string> = {};
    for (const phase of phasesOf[asked])
      for (const member of members)
        for (const outcome of member.run(phase, situation)) {
          // What other objects become is a matter of the background, and keeps nobody from being admitted.
          if (outcome.targets !== undefined && asked === 'mutate' && wanted !== 'wanted') continue;
          if (isTold(outcome, phase, asked)) decisions.push(decisionOf(member, outcome, situation));
          writes.push(...writesOf(member, outcome));
          for (const [key, text] of Object.entries(outcome.auditAnnotations ?? {}))
            annotations[`${member.facts.name}/${key}`] = text;
          if (outcome.patched === undefined || outcome.patched === object) continue;
          object = outcome.patched;
          situation = this.#situation({ ...request, object }, namespace, values);
        }
    if (wanted === 'wanted' && asked !== 'mutate')
      for (const member of members)
        for (const outcome of member.generate?.(situation) ?? []) {
          // What is made in the background refuses nobody.
          decisions.push({ ...decisionOf(member, outcome, situation), effect: 'audit' });
          writes.push(...writesOf(member, outcome));
        }
    const written = {
      ...(writes.length === 0 ? {} : { writes }),
      ...(Object.keys(annotations).length === 0 ? {} : { auditAnnotations: annotations }),
    };
    if (object === undefined || object === request.object) return { decisions, patch: [], ...written };
    return { decisions, patch: diffJson(request.object, object), object, ...written };
  }

  #situation(
    request: AdmissionRequest,
    namespace: JsonObject | undefined,
    values: StatedValues | undefined,
  ): Situation {
    const { operation, object, oldObject, subResource, userInfo } = request;
    const cluster = this.#cluster;
    const namespaceLabels: JsonObject = {
      ...(request.namespace === undefined ? {} : { 'kubernetes.io/metadata.name': request.namespace }),
      ...labelsOf(namespace),
    };
    return {
      namespaceLabels,
      exceptions: this.#exceptions,
      images: this.#images,
      ...(values === undefined ? {} : { values }),
      tell: this.#tell,
      policyRequest: {
        operation,
        object,
        oldObject,
        namespace,
        namespaceLabels,
        ...(subResource === undefined ? {} : { subresource: subResource, parent: parentOf(request) }),
        ...(userInfo === undefined ? {} : { userInfo, requester: new RequesterOfRequest(userInfo, this.#data) }),
        ...(cluster?.authorize === undefined
          ? {}
          : {
              authorize: (question) => cluster.authorize?.(question, userInfo) ?? { decision: 'no-opinion' },
            }),
      },
      cel: { request, namespace, namespaceLabels, data: this.#data, exceptions: this.#celExceptions },
    };
  }
}

/** Which roles somebody has is worked out when a rule asks. */
class RequesterOfRequest {
  readonly username: string;
  readonly groups: readonly string[];
  readonly #userInfo: JsonObject;
  readonly #data: DataProvider;
  #known: ReturnType<NonNullable<DataProvider['rolesOf']>> | undefined;

  constructor(userInfo: JsonObject, data: DataProvider) {
    this.username = asString(userInfo['username']) ?? '';
    this.groups = asStrings(userInfo['groups']);
    this.#userInfo = userInfo;
    this.#data = data;
  }

  get roles(): readonly string[] {
    return this.#bound().roles;
  }

  get clusterRoles(): readonly string[] {
    return this.#bound().clusterRoles;
  }

  #bound(): ReturnType<NonNullable<DataProvider['rolesOf']>> {
    return (this.#known ??= this.#data.rolesOf?.(this.#userInfo) ?? { roles: [], clusterRoles: [] });
  }
}

/** The object of a subresource may be of another kind than its parent: a Scale of a Deployment. */
function parentOf({
  kind,
  resource: { group, version, resource },
}: AdmissionRequest): NonNullable<PolicyRequest['parent']> {
  return { group, version, kind: kindOfResource(group, resource) ?? kind.kind };
}
