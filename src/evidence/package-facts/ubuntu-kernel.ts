// SPDX-License-Identifier: Apache-2.0
// The changelog of an Ubuntu kernel: its first line names the version, a later one the kernel it is based on.

export interface UbuntuKernel {
  /** `5.4.0-195.215` */
  readonly version: string;
  /** `5.4.0-195`: the ABI, which names the packages. */
  readonly abi: string;
  /** `215` */
  readonly upload: string;
  /** `5.4` */
  readonly series: string;
}

/** The version in the first line; undefined when it is none of a kernel. */
export function kernelOfChangelog(firstLine: string): UbuntuKernel | undefined {
  const match = /\(((\d{1,4}\.\d{1,4})(?:\.\d{1,4})?-\d{1,6})\.(\d{1,9})\)/.exec(firstLine.slice(0, 1_000));
  const [, abi, series, upload] = match ?? [];
  if (abi === undefined || series === undefined || upload === undefined) return undefined;
  return { version: `${abi}.${upload}`, abi, upload, series };
}

/** The kernel that this upload is based on: an entry `<upload>/linux: <series>-...`; undefined when there is none. */
export function baseKernelOf(changelog: string, kernel: UbuntuKernel): UbuntuKernel | undefined {
  const start = `${kernel.upload}/linux:`;
  const line = changelog.split('\n').find((entry) => entry.includes(start));
  const match = /^\s{0,10}((\d{1,4}\.\d{1,4})-\d{1,6})\.(\d{1,9})/.exec(
    line?.slice(line.indexOf(start) + start.length) ?? '',
  );
  const [, abi, series, upload] = match ?? [];
  if (abi === undefined || series !== kernel.series || upload === undefined) return undefined;
  return { version: `${abi}.${upload}`, abi, upload, series };
}
