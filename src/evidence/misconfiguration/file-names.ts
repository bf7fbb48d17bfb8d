// SPDX-License-Identifier: Apache-2.0
// Files that are known by their names. Further names that a user gives: file-patterns.ts.

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

/** true for names that Compose and its users give such files. */
export function isComposeFile(path: string): boolean {
  return /^(?:docker-)?compose(?:[._-][\w.-]{0,100})?\.ya?ml$/.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Which file is what. Paths are relative to the root of the target, with forward slashes. */
export interface FileNames {
  isDockerfile(path: string): boolean;
  isComposeFile(path: string): boolean;
  /** Whether the file is read for Kubernetes objects; what it holds decides whether there are any. */
  isManifest(path: string): boolean;
  /** What was added to the usual names, as the user wrote it. */
  readonly added: readonly string[];
}

export const usualFileNames: FileNames = {
  isDockerfile,
  isComposeFile,
  isManifest: (path) => /\.(?:ya?ml|json)$/i.test(path),
  added: [],
};
