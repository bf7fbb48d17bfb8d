// SPDX-License-Identifier: Apache-2.0
// Files that are known by their names.

/** Sources and documents that are about Dockerfiles. */
const others =
  /\.(?:[cm]?[jt]sx?|go|py|rb|rs|java|kt|cs|php|md|txt|json|ya?ml|toml|html|css|sh|snap|lock|dockerignore|containerignore)$/i;

/** `Dockerfile`, `Containerfile`, `Dockerfile.prod`, `web.dockerfile`. */
export function isDockerfile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    /^(?:[\w.-]{1,100}\.)?(?:[Dd]ockerfile|[Cc]ontainerfile)(?:\.[\w.-]{1,100})?$/.test(name) && !others.test(name)
  );
}
