// SPDX-License-Identifier: Apache-2.0
// Makes one set of what lies in files and what is installed in the cluster. An installed policy that cannot be compiled is refused by itself: its last version that
// could be takes its place, and where there is none it stays out; all others come into force. Files are refused as a whole, as without a cluster.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import type { CompileOptions, EngineDocument } from '../../../policy/engine.ts';
import { policyEngines } from '../../../policy/engines.ts';
import { equalJson } from '../../../policy/patch/json-members.ts';
import type { PolicySet } from '../../../policy/policy-set.ts';
import { compilePolicySet } from '../../../policy/policy-set.ts';
import { sortUntaken } from '../../policy/untaken-policies.ts';
import { deletionFault } from './deletion-policies.ts';
import type { InstalledPolicy } from './policy-watches.ts';

export interface Compilation {
  readonly set: PolicySet;
  /** Of files, and of policies that are in force. Those that hide findings keep the set from coming into force. */
  readonly problems: readonly Problem[];
  /** Installed policies that are not in force as they are now, by their keys. */
  readonly refused: ReadonlyMap<string, RefusedPolicy>;
  /** Exceptions that lie outside of the namespaces from which exceptions are taken, by their keys. */
  readonly ignored: readonly string[];
  /** Objects beside the policies of files: params, namespaces. */
  readonly others: readonly EngineDocument[];
}

export interface RefusedPolicy {
  readonly message: string;
  /** What is in force instead. */
  readonly instead: 'the version before' | 'nothing';
}

export interface CompilationInput {
  readonly files: readonly EngineDocument[];
  readonly installed: readonly InstalledPolicy[];
  /** From which namespaces exceptions are taken; `*`: from any. Whoever may write them there may switch policies off. */
  readonly exceptionNamespaces: ReadonlySet<string>;
  /** For all policies alike. With strict hardening the namespaces of exceptions hold for those of files as well. */
  readonly options: Omit<CompileOptions, 'unbound'>;
}

/** Substitutes can be bad in their turn (a binding whose policy is gone), but not for ever. */
const mostRounds = 5;

export class PolicyCompilation {
  /** The last version of each installed policy that could be compiled. */
  #lastGood = new Map<string, JsonObject>();

  /** Never throws. */
  compile({ files, installed, exceptionNamespaces, options }: CompilationInput): Compilation {
    const allowed = installed.filter((policy) => !isForeignException(policy, exceptionNamespaces));
    const ignored = installed.filter((policy) => !allowed.includes(policy)).map(({ key }) => key);
    const current = new Map<string, JsonObject | undefined>(allowed.map(({ key, object }) => [key, object]));
    const refused = new Map<string, RefusedPolicy>();
    const settings: CompileOptions = {
      ...options,
      ...(options.hardening === 'strict' ? { exceptionNamespaces: [...exceptionNamespaces] } : {}),
      unbound: 'apply',
    };
    for (let round = 1; ; round += 1) {
      const documents = withoutUnbound([...current]).map(([key, object]) => documentAt(key, object));
      const set = compilePolicySet([...files, ...documents], policyEngines, settings);
      const { objects: others, problems: untaken } = sortUntaken(set.others);
      const problems = [...set.problems, ...untaken];
      const bad = new Map([
        ...documents.flatMap((document): [string, string][] => {
          const { path } = document.locate([]);
          const fault = deletionFault(document.object, path);
          return fault === undefined ? [] : [[path, fault]];
        }),
        ...problems
          .filter(({ hidesFindings, location }) => hidesFindings && current.has(location.path))
          .map(({ location, message }): [string, string] => [location.path, message]),
      ]);
      // What is still bad after the last round refuses the set as a whole.
      if (bad.size === 0 || round === mostRounds) {
        this.#lastGood = new Map(
          [...current].flatMap(([key, object]) => (object === undefined || bad.has(key) ? [] : [[key, object]])),
        );
        return { set, problems, refused, ignored, others };
      }
      for (const [key, message] of bad) {
        const good = this.#lastGood.get(key);
        const instead = good === undefined || equalJson(good, current.get(key)) ? undefined : good;
        current.set(key, instead);
        refused.set(key, {
          message: refused.get(key)?.message ?? message,
          instead: instead === undefined ? 'nothing' : 'the version before',
        });
      }
    }
  }
}

function isForeignException({ object }: InstalledPolicy, namespaces: ReadonlySet<string>): boolean {
  if (object['kind'] !== 'PolicyException' || namespaces.has('*')) return false;
  return !namespaces.has(asString(asObject(object['metadata'])?.['namespace']) ?? '');
}

/** Messages name the object; there are no lines. */
function documentAt(key: string, object: JsonObject): EngineDocument {
  const location = { path: key };
  return { object, locate: () => location, locateValue: () => location };
}

/** Policies of files that nothing binds judge everything; those of the API server's own kind that are installed judge nothing, as there. */
function withoutUnbound(
  current: readonly (readonly [string, JsonObject | undefined])[],
): readonly (readonly [string, JsonObject])[] {
  const there = current.flatMap(([key, object]) => (object === undefined ? [] : [[key, object] as const]));
  const bound = new Set(
    there.flatMap(([, object]) => {
      const kind = asString(object['kind']) ?? '';
      const name = asString(asObject(object['spec'])?.['policyName']) ?? '';
      return kind.endsWith('AdmissionPolicyBinding') ? [`${kind.slice(0, -'Binding'.length)} ${name}`] : [];
    }),
  );
  return there.filter(([, object]) => {
    const kind = asString(object['kind']) ?? '';
    if (!kind.endsWith('AdmissionPolicy')) return true;
    return bound.has(`${kind} ${asString(asObject(object['metadata'])?.['name']) ?? ''}`);
  });
}
