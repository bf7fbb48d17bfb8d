// SPDX-License-Identifier: Apache-2.0
// The functions that only an ImageValidatingPolicy has (Kyverno pkg/cel/libs/imageverify): they ask the session of the evaluation that is running.
import type { CelLibrary } from '../../cel/declarations.ts';
import { globalOverload } from '../../cel/declarations.ts';
import { functionsOf } from '../../cel/environment.ts';
import { dynType, intType, listOf, stringType } from '../../cel/types.ts';
import type { CelValue } from '../../cel/values.ts';
import { CelError, CelOpaque, textOf, typeNameOf } from '../../cel/values.ts';
import type { ImageSession } from './image-session.ts';

/** Holds the session while expressions are evaluated, which is synchronous. */
export class ImageHost {
  session: ImageSession | undefined = undefined;
}

/** An entry of `attestors`. Its key is looked up when something is verified with it. */
export class CelAttestor extends CelOpaque {
  readonly typeName = 'imageverify.attestor';
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  equals(other: CelOpaque): boolean {
    return other instanceof CelAttestor && other.name === this.name;
  }
}

export function imageFunctions(host: ImageHost): CelLibrary {
  const inSession = (ask: (session: ImageSession) => CelValue): CelValue =>
    host.session === undefined ? new CelError('images are not verified here') : ask(host.session);
  return {
    name: 'kyverno.imageverify',
    functions: functionsOf({
      verifyImageSignatures: [
        globalOverload(
          'verify_image_signature_string_stringarray',
          [[stringType, listOf(dynType)], intType],
          (image = '', attestors = []) => {
            const names = namesOf(attestors);
            return names instanceof CelError
              ? names
              : inSession((session) => session.countSignatures(textOf(image), names));
          },
        ),
      ],
      verifyAttestationSignatures: [
        globalOverload(
          'verify_image_attestations_string_string_stringarray',
          [[stringType, stringType, listOf(dynType)], intType],
          (image = '', attestation = '', attestors = []) => {
            const names = namesOf(attestors);
            return names instanceof CelError
              ? names
              : inSession((session) => session.countAttestations(textOf(image), textOf(attestation), names));
          },
        ),
      ],
      extractPayload: [
        globalOverload('payload_string_string', [[stringType, stringType], dynType], (image = '', attestation = '') =>
          inSession((session) => session.payload(textOf(image), textOf(attestation))),
        ),
      ],
      getImageData: [
        globalOverload('get_image_data_string', [[stringType], dynType], (image = '') =>
          inSession((session) => session.imageData(textOf(image))),
        ),
      ],
    }),
  };
}

/** Names of attestors in a list; each counts once, however often it stands there. */
function namesOf(value: CelValue): readonly string[] | CelError {
  const names = new Set<string>();
  for (const item of Array.isArray(value) ? (value as readonly CelValue[]) : []) {
    if (!(item instanceof CelAttestor)) return new CelError(`an attestor is required, not ${typeNameOf(item)}`);
    names.add(item.name);
  }
  return [...names];
}
