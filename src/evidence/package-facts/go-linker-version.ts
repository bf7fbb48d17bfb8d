// SPDX-License-Identifier: Apache-2.0
// The version that a program's makers put in with the Go linker: `-ldflags "-X example.org/tool/version.Version=v1.2.3"`.

interface Variable {
  readonly key: string;
  /** Import path: `example.org/tool/version`. */
  readonly package: string;
  readonly name: string;
  readonly value: string;
}

/** `main`, `common`, `version` and `cmd` are where programs keep the version of the program itself. */
const usualPackages: ReadonlySet<string> = new Set(['main', 'common', 'version', 'cmd']);

/** Hosts where the first part of an import path says nothing about whose module it is. */
const sharedHosts: ReadonlySet<string> = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org']);

/**
 * The version as written (`v0.50.1`, `0.50.1`), without a path before it (`kustomize/v4.5.7`); undefined when no variable of the module
 * holds one, or several that are equally good disagree. In that order: variables `version` or `ver` of a command's package, of a package
 * that is usual for it, of another package; then names such as `gitVersion` (matches Trivy for the first three and Syft for the last).
 */
export function goLinkerVersion(flags: string, module: string): string | undefined {
  const all = variablesOf(flags).filter((variable) => /^v?[0-9]{1,9}\.[0-9]{1,9}(?:$|[.+-])/.test(variable.value));
  const own = all.filter((item) => item.key.startsWith('main.') || (module !== '' && item.key.startsWith(module)));
  const plain = own.filter((item) => /^(?:version|ver)$/i.test(item.name));
  const longer = (item: Variable): boolean => /^(?:git|build|[a-z]{0,20}release)version$/i.test(item.name);
  const groups = [
    plain.filter((item) => item.package.split('/').includes('cmd')),
    plain.filter((item) => usualPackages.has(lastPart(item.package).toLowerCase())),
    plain,
    own.filter(longer),
    all.filter((item) => longer(item) && isSameOwner(item.key, module)),
  ];
  const chosen = groups.find((group) => group.length > 0) ?? [];
  const values = new Set(chosen.map((item) => item.value));
  return values.size === 1 ? [...values][0] : undefined;
}

/** `-X key=value`, `-X=key=value`, either quoted, escaped or not. */
function variablesOf(flags: string): Variable[] {
  const found = flags.matchAll(/-X[=\s]\s{0,8}\\?["']?([^\s"'=\\]{1,512})=([^\s"'\\]{0,512})/g);
  return [...found].map(([, key = '', value = '']) => {
    const dot = key.lastIndexOf('.');
    return { key, package: key.slice(0, dot), name: key.slice(dot + 1), value: lastPart(value) };
  });
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `k8s.io/component-base` sets the version of `k8s.io/kubernetes`: a domain of their own. */
function isSameOwner(key: string, module: string): boolean {
  const host = module.split('/')[0] ?? '';
  return host.includes('.') && !sharedHosts.has(host) && key.startsWith(`${host}/`);
}
