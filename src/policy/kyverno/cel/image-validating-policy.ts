// SPDX-License-Identifier: Apache-2.0
// ImageValidatingPolicy and NamespacedImageValidatingPolicy (policies.kyverno.io), read and compiled: signatures and attestations of images in CEL. Not
// here: judging by one (image-validation.ts) and what its functions do (image-session.ts).
import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../../formats/document.ts';
import type { Problem } from '../../../model/problem.ts';
import type { CelVariable } from '../../cel/declarations.ts';
import type { CelEnvironment } from '../../cel/environment.ts';
import type { CelProgram } from '../../cel/program.ts';
import { dynType, listOf, mapOf, stringType } from '../../cel/types.ts';
import type { PolicySettings, PolicySource } from '../policy.ts';
import { checkShape } from '../shape.ts';
import type { Attestor } from './attestor.ts';
import { compileAttestor } from './attestor.ts';
import type { AttestorScope } from './attestor-reading.ts';
import { controllerSpecs, isCelGroup } from './autogen.ts';
import type { AuditAnnotation, CelCore } from './core.ts';
import { CelPolicyCompiler, itemsOf } from './core.ts';
import { ImageHost, imageFunctions } from './image-functions.ts';
import type { ImageMatcher } from './image-references.ts';
import { compileImageMatcher } from './image-references.ts';
import type { Attestation } from './image-session.ts';
import { imageValidatingShape } from './image-validating-shape.ts';
import type { CelHost } from './libraries.ts';

export interface ImageCheck {
  readonly program: CelProgram;
  readonly message: string;
  readonly messageProgram: CelProgram | undefined;
}

export interface ImageExtraction {
  readonly name: string;
  readonly program: CelProgram;
}

/** The specification of a policy, or one made from it for controllers. */
export interface ImageSpec extends CelCore {
  readonly isConcerned: ImageMatcher;
  /** Besides those of Pods and what makes them. */
  readonly extractions: readonly ImageExtraction[];
  readonly attestors: ReadonlyMap<string, Attestor>;
  readonly attestations: ReadonlyMap<string, Attestation>;
  readonly validations: readonly ImageCheck[];
  readonly auditAnnotations: readonly AuditAnnotation[];
}

export interface ImageValidatingPolicy {
  readonly kind: 'ImageValidatingPolicy' | 'NamespacedImageValidatingPolicy';
  readonly name: string;
  /** Empty for policies of the whole cluster. */
  readonly namespace: string;
  /** `JSON`: of any JSON, given as the request's object. */
  readonly mode: 'Kubernetes' | 'JSON';
  readonly annotations: JsonObject;
  readonly actions: readonly string[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** False: it judges in the background only. */
  readonly isForAdmission: boolean;
  readonly mutatesDigest: boolean;
  readonly verifiesDigest: boolean;
  /** Every image must have been verified by somebody, whatever the expressions say. */
  readonly isRequired: boolean;
  readonly secrets: readonly string[];
  readonly hardening: PolicySettings['hardening'];
  readonly specs: readonly ImageSpec[];
  readonly host: CelHost;
  readonly images: ImageHost;
}

export interface ImageValidatingPolicyReading {
  readonly policy: ImageValidatingPolicy | undefined;
  readonly problems: readonly Problem[];
}

const kinds: readonly unknown[] = ['ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'];

export function isImageValidatingPolicy(object: JsonObject): boolean {
  return kinds.includes(object['kind']) && isCelGroup(object['apiVersion']);
}

/** What whoever runs the engine decides, as far as it concerns images. */
export type ImageSettings = Pick<PolicySettings, 'keyTransparencyLog' | 'hardening'>;

/** Reads one policy. Never throws. */
export function compileImageValidatingPolicy(
  source: PolicySource,
  settings: ImageSettings = { keyTransparencyLog: 'required', hardening: 'parity' },
): ImageValidatingPolicyReading {
  return new Compiler(source, settings, new ImageHost()).compile();
}

/** Names that expressions see besides those of every policy, in the order of their values. */
const imageNames: readonly CelVariable[] = [
  { name: 'images', type: mapOf(stringType, listOf(stringType)) },
  { name: 'attestors', type: mapOf(stringType, dynType) },
  { name: 'attestations', type: mapOf(stringType, stringType) },
];

/** Of one policy, over the setting: `true` or `false`. */
const logAnnotation = 'landwaiter.dev/require-transparency-log';

class Compiler extends CelPolicyCompiler {
  readonly #settings: ImageSettings;
  readonly #images: ImageHost;

  constructor(source: PolicySource, settings: ImageSettings, images: ImageHost) {
    super(source, undefined, [imageFunctions(images)]);
    this.#settings = settings;
    this.#images = images;
  }

  compile(): ImageValidatingPolicyReading {
    const { object } = this.source;
    const metadata = asObject(object['metadata']) ?? {};
    const spec = asObject(object['spec']) ?? {};
    for (const { path, message } of checkShape(spec, imageValidatingShape, ['spec'])) this.refuse(message, path);
    if (this.isRefused) return { policy: undefined, problems: this.problems };
    const kind =
      object['kind'] === 'ImageValidatingPolicy' ? 'ImageValidatingPolicy' : 'NamespacedImageValidatingPolicy';
    const namespace = kind === 'ImageValidatingPolicy' ? '' : (asString(metadata['namespace']) ?? 'default');
    const evaluation = asObject(spec['evaluation']) ?? {};
    const mode = evaluation['mode'] === 'JSON' ? 'JSON' : 'Kubernetes';
    const credentials = asObject(spec['credentials']) ?? {};
    const configurations = asObject(spec['validationConfigurations']) ?? {};
    this.#checkWhole(spec, { mode, namespace });
    const scope = {
      keyLog: this.#keyLog(),
      namespace: namespace === '' ? undefined : namespace,
      hardening: this.#settings.hardening,
    };
    const own = this.#spec(spec, scope);
    const made = this.isRefused || mode === 'JSON' ? [] : controllerSpecs(spec);
    const specs = [own, ...made.map((each) => this.#spec(each, scope))];
    if (this.isRefused) return { policy: undefined, problems: this.problems };
    const actions = asStrings(spec['validationActions']);
    return {
      problems: this.problems,
      policy: {
        kind,
        name: asString(metadata['name']) ?? '',
        namespace,
        mode,
        annotations: asObject(metadata['annotations']) ?? {},
        // Matches Kyverno: Deny is what is meant where nothing is said.
        actions: actions.length === 0 ? ['Deny'] : actions,
        failurePolicy: spec['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
        isForAdmission: asObject(evaluation['admission'])?.['enabled'] !== false,
        mutatesDigest: configurations['mutateDigest'] !== false,
        verifiesDigest: configurations['verifyDigest'] !== false,
        isRequired: configurations['required'] !== false,
        secrets: asStrings(credentials['secrets']),
        hardening: this.#settings.hardening,
        specs,
        host: this.host,
        images: this.#images,
      },
    };
  }

  #checkWhole(spec: JsonObject, { mode, namespace }: { readonly mode: string; readonly namespace: string }): void {
    if (asArray(spec['validations']).length === 0)
      this.refuse('spec.validations must not be empty', ['spec', 'validations']);
    for (const key of ['attestors', 'attestations', 'images']) this.#refuseTwins(spec, key);
    if (asStrings(spec['validationActions']).includes('Deny') && asStrings(spec['validationActions']).includes('Warn'))
      this.refuse('Deny and Warn cannot stand beside each other', ['spec', 'validationActions']);
    if (mode === 'JSON' && asArray(spec['images']).length === 0)
      this.refuse('mode JSON needs images, which say where images stand', ['spec']);
    if (mode === 'Kubernetes' && asArray(asObject(spec['matchConstraints'])?.['resourceRules']).length === 0)
      this.refuse('matchConstraints.resourceRules must name resources', ['spec', 'matchConstraints']);
    const credentials = asObject(spec['credentials']) ?? {};
    const path: DocumentPath = ['spec', 'credentials'];
    if (credentials['allowInsecureRegistry'] === true)
      this.remark(
        'makes no difference here: --insecure-registry and registries.conf say which registries need no TLS',
        [...path, 'allowInsecureRegistry'],
      );
    for (const [index, name] of asStrings(credentials['secrets']).entries())
      if (namespace !== '' && !name.startsWith(`${namespace}/`))
        this.refuse(
          `a policy of the namespace ${namespace} reads Secrets of that namespace only: ${namespace}/${name}`,
          [...path, 'secrets', index],
        );
  }

  #refuseTwins(spec: JsonObject, key: string): void {
    const seen = new Set<unknown>();
    for (const [item, path] of itemsOf(spec, key)) {
      if (seen.has(item['name'])) this.refuse(`there are two with the name ${asString(item['name']) ?? ''}`, path);
      seen.add(item['name']);
    }
  }

  #keyLog(): PolicySettings['keyTransparencyLog'] {
    const written = asObject(asObject(this.source.object['metadata'])?.['annotations'])?.[logAnnotation];
    if (written === undefined) return this.#settings.keyTransparencyLog;
    if (written !== 'true' && written !== 'false')
      this.refuse('must be "true" or "false"', ['metadata', 'annotations', logAnnotation]);
    return written === 'false' ? 'not-asked' : 'required';
  }

  #spec(spec: JsonObject, scope: AttestorScope): ImageSpec {
    const { core, environment } = this.core(spec, 'early', imageNames);
    return {
      ...core,
      isConcerned: compileImageMatcher(spec['matchImageReferences'], ['spec', 'matchImageReferences'], this),
      extractions: itemsOf(spec, 'images').flatMap(([item, path]): ImageExtraction[] => {
        const program = this.program(item['expression'], environment, [...path, 'expression']);
        return program === undefined ? [] : [{ name: asString(item['name']) ?? '', program }];
      }),
      attestors: new Map(
        itemsOf(spec, 'attestors').map(([item, path]) => {
          this.#remarkOnIdentities(item, path);
          const attestor = compileAttestor(item, path, { compiler: this, environment, scope });
          return [attestor.name, attestor];
        }),
      ),
      attestations: new Map(
        itemsOf(spec, 'attestations').flatMap(([item, path]) => {
          const attestation = this.#attestation(item, path);
          return attestation === undefined ? [] : [[attestation.name, attestation] as const];
        }),
      ),
      validations: itemsOf(spec, 'validations').flatMap(([item, path]) => this.#check(item, path, environment)),
      auditAnnotations: this.auditAnnotations(spec, environment),
    };
  }

  #check(item: JsonObject, path: DocumentPath, environment: CelEnvironment): readonly ImageCheck[] {
    const program = this.program(item['expression'], environment, [...path, 'expression']);
    const written = item['messageExpression'];
    const messageProgram =
      written === undefined ? undefined : this.program(written, environment, [...path, 'messageExpression']);
    return program === undefined ? [] : [{ program, message: asString(item['message']) ?? '', messageProgram }];
  }

  #attestation(item: JsonObject, path: DocumentPath): Attestation | undefined {
    const name = asString(item['name']) ?? '';
    const [intoto, referrer] = [asObject(item['intoto']), asObject(item['referrer'])];
    const type = asString((intoto ?? referrer)?.['type']) ?? '';
    if ((intoto === undefined) === (referrer === undefined) || type === '')
      return this.refuse('exactly one of intoto and referrer is required, with a type', path);
    return { name, form: intoto === undefined ? 'referrer' : 'intoto', type };
  }

  #remarkOnIdentities(attestor: JsonObject, path: DocumentPath): void {
    const keyless = asObject(asObject(attestor['cosign'])?.['keyless']) ?? {};
    for (const [index, item] of asArray(keyless['identities']).entries()) {
      const identity = asObject(item) ?? {};
      const at = [...path, 'cosign', 'keyless', 'identities', index];
      if (Object.values(identity).every((value) => value === ''))
        this.remark('names nobody: whoever has a certificate of the authority may have signed', at);
      for (const part of ['issuer', 'subject'])
        if (asString(identity[part])?.includes('*') === true)
          this.remark(`a * stands for itself here; ${part}RegExp is for patterns`, [...at, part]);
    }
  }
}
