// SPDX-License-Identifier: Apache-2.0
// CPE names of the .NET and ASP.NET Core runtimes, under which their vulnerabilities are recorded.

/**
 * Names of `Microsoft.NETCore.App` and `Microsoft.AspNetCore.App`, also with `.Runtime.<platform>`; none for other packages.
 * Before version 5 the products are `.net_core` and `asp.net_core`, from then on `.net` and `asp.net_core`.
 */
export function dotnetRuntimeCpes(name: string, version: string): string[] {
  const framework = /^Microsoft\.(NETCore|AspNetCore)\.App(?:\.Runtime\..{1,60})?$/.exec(name)?.[1];
  const number = /^\d{1,6}(?:\.\d{1,6}){0,3}/.exec(version)?.[0];
  if (framework === undefined || number === undefined) return [];
  const full = number.includes('.') ? number : `${number}.0`;
  const isOld = Number.parseInt(number, 10) < 5;
  const product = framework === 'AspNetCore' ? 'asp.net_core' : isOld ? '.net_core' : '.net';
  return [`cpe:2.3:a:microsoft:${product}:${full}:*:*:*:*:*:*:*`];
}
