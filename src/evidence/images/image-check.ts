// SPDX-License-Identifier: Apache-2.0
// What a check of an image is: looks at the configuration, the build steps and the files that run with somebody else's rights, and says what
// is wrong. Pure. The list is checks/index.ts.
import type { ImageConfig } from '../../formats/oci/config.ts';
import type { BaseImage, LayerOrigin } from '../../model/image-facts.ts';
import type { Location } from '../../model/location.ts';
import type { Severity } from '../../model/severity.ts';

export interface ImageUnderCheck {
  readonly config: ImageConfig;
  readonly base: BaseImage | undefined;
  readonly steps: readonly BuildStep[];
  readonly privileged: readonly PrivilegedImageFile[];
}

/** One entry of the history. */
export interface BuildStep {
  /** Counted from 1. */
  readonly number: number;
  /** The instruction as in a Dockerfile, as far as the history tells: `RUN make`, `ENV A=b`. */
  readonly text: string;
  /** Digest of the layer it made. */
  readonly layer?: string;
  readonly origin?: LayerOrigin;
}

/** A setuid or setgid file. */
export interface PrivilegedImageFile {
  readonly path: string;
  readonly mode: number;
  readonly userId: number;
  readonly groupId: number;
  readonly layer: string;
  readonly origin?: LayerOrigin;
  /** Name and version of the operating system package that brought it. */
  readonly owner?: { readonly name: string; readonly version: string };
}

export interface ImageCheck {
  /** Kebab case, unique; also the name of the file. */
  readonly id: string;
  /** What it finds, in a few words. */
  readonly title: string;
  /** What Trivy (`DS-`), Dockle or the CIS Docker benchmark (`CIS-DI-`) call it. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly remediation: string;
  readonly urls: readonly string[];
  run(image: ImageUnderCheck): readonly ImageFault[];
}

export interface ImageFault {
  /** One sentence without a full stop; secrets redacted. */
  readonly message: string;
  /** `history` with the number of the step as line, `config` with the member, or a file of the image. */
  readonly location: Location;
  /** What it was found in, for people. */
  readonly resource: string;
  readonly origin?: LayerOrigin | undefined;
  /** Where it is not that of the check. */
  readonly severity?: Severity;
}

export function defineImageCheck(check: ImageCheck): ImageCheck {
  return check;
}

/** The place of a build step. */
export function stepLocation(step: BuildStep): Location {
  return { path: 'history', line: step.number, ...(step.layer === undefined ? {} : { layer: step.layer }) };
}
