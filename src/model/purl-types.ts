// SPDX-License-Identifier: Apache-2.0
// What each package URL type says about its components (purl-spec, types/*-definition.json): which are wanted, how they are normalised.
// One row per registered type; a type without a row is taken as it is.

/**
 * `required`: without it the purl names nothing, so it is refused. `expected`: the definition wants it, but widespread tools leave it out
 * (`pkg:golang/stdlib`, `pkg:deb/curl`), so it is only remarked. `none`: there is no such component, so one that has it is refused.
 */
export type PurlPresence = 'required' | 'expected' | 'optional' | 'none';

export interface PurlTypeRules {
  readonly namespace: PurlPresence;
  /** Components that are compared without regard to case, and written in lower case. */
  readonly lowerCase: readonly ('namespace' | 'name' | 'version')[];
  /** The namespace is one segment, a host; all further segments are the name, whose slashes are not encoded. */
  readonly nameIsPath?: true;
  /** Applied after the lower-casing. */
  readonly normalizeName?: (name: string, qualifiers: Readonly<Record<string, string>>) => string;
  readonly normalizeNamespace?: (namespace: string) => string;
  /** Says what is wrong with a normalised name or version; undefined when it is fine. */
  readonly checkName?: (name: string) => string | undefined;
  readonly checkVersion?: (version: string) => string | undefined;
  /** Qualifiers without which the purl is ambiguous; a remark only, for the same reason as `expected`. */
  readonly expectedQualifiers?: readonly string[];
}

const nothing: PurlTypeRules = { namespace: 'optional', lowerCase: [] };
const noNamespace: PurlTypeRules = { namespace: 'none', lowerCase: [] };
const vendorPackage: PurlTypeRules = { namespace: 'expected', lowerCase: ['namespace', 'name'] };
const vendorOnly: PurlTypeRules = { namespace: 'expected', lowerCase: ['namespace'] };

const rulesByType: Readonly<Record<string, PurlTypeRules>> = {
  alpm: vendorPackage,
  apk: vendorPackage,
  bazel: noNamespace,
  bitbucket: vendorPackage,
  bitnami: { namespace: 'none', lowerCase: ['name'] },
  brew: { namespace: 'optional', lowerCase: ['namespace', 'name'] },
  cargo: noNamespace,
  'chrome-extension': {
    namespace: 'none',
    lowerCase: ['name'],
    checkName: (name) =>
      /^[a-p]{32}$/.test(name) ? undefined : 'the name of a Chrome extension is 32 letters from a to p',
    checkVersion: (version) =>
      /^\d{1,9}(?:\.\d{1,9}){0,3}$/.test(version)
        ? undefined
        : 'the version of a Chrome extension is one to four numbers',
  },
  cocoapods: noNamespace,
  composer: vendorPackage,
  conan: nothing,
  conda: noNamespace,
  cpan: {
    namespace: 'optional',
    lowerCase: [],
    normalizeNamespace: (namespace) => namespace.toUpperCase(),
    checkName: (name) => (name.includes('::') ? 'the name is that of a distribution, not of a module' : undefined),
  },
  cran: noNamespace,
  deb: vendorPackage,
  docker: nothing,
  gem: noNamespace,
  generic: nothing,
  git: { namespace: 'expected', lowerCase: [], nameIsPath: true },
  github: vendorPackage,
  // The definition speaks of lower case and of case sensitivity at once; Go modules are case-sensitive, and Syft and Trivy keep the case.
  golang: { namespace: 'expected', lowerCase: [] },
  hackage: noNamespace,
  hex: { namespace: 'optional', lowerCase: ['namespace', 'name'] },
  huggingface: { namespace: 'expected', lowerCase: ['version'] },
  julia: { namespace: 'none', lowerCase: [], expectedQualifiers: ['uuid'] },
  luarocks: { namespace: 'optional', lowerCase: ['namespace', 'name'] },
  maven: { namespace: 'expected', lowerCase: [] },
  mlflow: {
    namespace: 'none',
    lowerCase: [],
    // Databricks compares names without regard to case, Azure ML does not (mlflow-definition.json, "name").
    normalizeName: (name, qualifiers) =>
      /databricks/i.test(qualifiers['repository_url'] ?? '') ? name.toLowerCase() : name,
  },
  npm: nothing,
  nuget: noNamespace,
  oci: { namespace: 'none', lowerCase: ['name', 'version'] },
  opam: noNamespace,
  otp: { namespace: 'none', lowerCase: ['name'] },
  pub: { namespace: 'none', lowerCase: ['name'], normalizeName: (name) => name.replace(/[^a-z0-9_]/g, '_') },
  pypi: { namespace: 'none', lowerCase: ['name'], normalizeName: (name) => name.replaceAll('_', '-') },
  qpkg: vendorOnly,
  rpm: vendorOnly,
  swid: { namespace: 'optional', lowerCase: [], expectedQualifiers: ['tag_id'] },
  swift: { namespace: 'required', lowerCase: [] },
  vcpkg: noNamespace,
  'vscode-extension': { namespace: 'required', lowerCase: ['namespace', 'name', 'version'] },
  yocto: { namespace: 'optional', lowerCase: ['namespace'] },
};

/** Rules of a lower-case type; a type that is not registered has none. */
export function purlTypeRules(type: string): PurlTypeRules {
  return Object.hasOwn(rulesByType, type) ? (rulesByType[type] ?? nothing) : nothing;
}
