// SPDX-License-Identifier: Apache-2.0
// Platforms in Go's words, and the choice of one manifest out of an index. Order of variants as containerd's platforms package has it:
// a newer CPU runs what was built for an older one of the same architecture, never the reverse.

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

/** One entry to choose from. */
export interface PlatformChoice {
  /** Stated of artifacts; an image that states one names its platform too. */
  readonly artifactType?: string;
  readonly platform?: Platform;
  readonly annotations: Readonly<Record<string, string>>;
}

const architectureNames: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  aarch64: ['arm64'],
  i386: ['386'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/** Variant meant when none is written. */
const defaultVariants: Readonly<Record<string, string>> = { amd64: 'v1', arm64: 'v8', arm: 'v7' };

/** Reads `os/architecture[/variant]` or an architecture alone (of Linux). Undefined when it is neither. */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || !parts.every((part) => /^[a-z0-9_.-]{1,40}$/.test(part))) return undefined;
  const [first = '', second, third] = parts;
  return second === undefined
    ? normalize({ os: 'linux', architecture: first })
    : normalize({ os: first, architecture: second, ...(third === undefined ? {} : { variant: third }) });
}

export function formatPlatform(platform: Platform): string {
  const variant = platform.variant === undefined ? '' : `/${platform.variant}`;
  return `${platform.os}/${platform.architecture}${variant}`;
}

/** Go's names for what uname and Debian call otherwise; a variant that is the default is left out. */
function normalize(platform: Platform): Platform {
  const known = Object.hasOwn(architectureNames, platform.architecture)
    ? architectureNames[platform.architecture]
    : undefined;
  const [architecture, implied] = known ?? [platform.architecture];
  const written = platform.variant ?? implied;
  const variant = written !== undefined && /^\d/.test(written) ? `v${written}` : written;
  const { variant: _, ...rest } = platform;
  return {
    ...rest,
    architecture,
    ...(variant === undefined || variant === defaultVariants[architecture] ? {} : { variant }),
  };
}

/** The entry that runs best on `wanted`; undefined when none runs. Attestations and other artifacts that are listed beside images are passed over. */
export function choosePlatform<T extends PlatformChoice>(entries: readonly T[], wanted: Platform): T | undefined {
  const images = entries.filter((entry) => !isArtifact(entry));
  const ranked = images
    .map((entry) => ({ entry, rank: rankOf(entry.platform, wanted) }))
    .filter(({ rank }) => rank >= 0)
    // Stable: of equals the first one counts, as for containerd.
    .sort((a, b) => b.rank - a.rank);
  if (ranked[0] !== undefined) return ranked[0].entry;
  // An index with one image that names no platform has nothing to choose from.
  return images.length === 1 && images[0]?.platform === undefined ? images[0] : undefined;
}

/** BuildKit lists provenance and SBOMs as manifests of the platform unknown/unknown. */
function isArtifact(entry: PlatformChoice): boolean {
  return (
    (entry.artifactType !== undefined && entry.platform === undefined) ||
    entry.annotations['vnd.docker.reference.type'] === 'attestation-manifest' ||
    (entry.platform?.os === 'unknown' && entry.platform.architecture === 'unknown')
  );
}

/** -1: does not run. Else higher is better: the nearest older variant, and among those the OS version asked for. */
function rankOf(offered: Platform | undefined, wanted: Platform): number {
  if (offered === undefined) return -1;
  const [have, want] = [normalize(offered), normalize(wanted)];
  if (have.os !== want.os || have.architecture !== want.architecture) return -1;
  if (want.osVersion !== undefined && have.osVersion !== undefined && want.osVersion !== have.osVersion) return -1;
  const variant = variantRank(have, want);
  return variant === -1 ? -1 : variant * 2 + (want.osVersion === have.osVersion ? 1 : 0);
}

function variantRank(have: Platform, want: Platform): number {
  const fallback = defaultVariants[want.architecture] ?? '';
  const [haveVariant, wantVariant] = [have.variant ?? fallback, want.variant ?? fallback];
  if (haveVariant === wantVariant) return 1_000;
  const numbers = [haveVariant, wantVariant].map((variant) =>
    Number(/^v(\d{1,2})(?:\.\d{1,2})?$/.exec(variant)?.[1] ?? -1),
  );
  const [haveNumber = -1, wantNumber = -1] = numbers;
  return haveNumber === -1 || wantNumber === -1 || haveNumber > wantNumber ? -1 : haveNumber;
}
