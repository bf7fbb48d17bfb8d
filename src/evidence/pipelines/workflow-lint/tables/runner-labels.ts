// SPDX-License-Identifier: Apache-2.0
// Labels of runners that GitHub hosts, and those every self-hosted runner has (docs.github.com, "GitHub-hosted runners reference").

/** Images that are taken out of service are not here: a job that asks for one waits for ever. */
export const hostedLabels: readonly string[] = [
  'ubuntu-latest',
  'ubuntu-latest-4-cores',
  'ubuntu-latest-8-cores',
  'ubuntu-latest-16-cores',
  'ubuntu-26.04',
  'ubuntu-26.04-arm',
  'ubuntu-24.04',
  'ubuntu-24.04-arm',
  'ubuntu-22.04',
  'ubuntu-22.04-arm',
  'ubuntu-slim',
  'windows-latest',
  'windows-latest-8-cores',
  'windows-2025',
  'windows-2025-vs2026',
  'windows-2022',
  'windows-11-arm',
  'windows-11-vs2026-arm',
  'xcode-27',
  'xcode-27-xlarge',
  'macos-latest',
  'macos-latest-large',
  'macos-latest-xl',
  'macos-latest-xlarge',
  'macos-26',
  'macos-26-intel',
  'macos-26-large',
  'macos-26-xlarge',
  'macos-15',
  'macos-15-intel',
  'macos-15-large',
  'macos-15-xlarge',
  'macos-14',
  'macos-14-large',
  'macos-14-xl',
  'macos-14-xlarge',
];

export const selfHostedLabels: readonly string[] = ['self-hosted', 'x64', 'arm', 'arm64', 'linux', 'macos', 'windows'];

export type Platform = 'linux' | 'macos' | 'windows';

/** The system that a label stands for, where it says so. */
export function platformOf(label: string): Platform | undefined {
  const name = label.toLowerCase();
  if (name === 'linux' || name.startsWith('ubuntu-')) return 'linux';
  if (name === 'macos' || name.startsWith('macos-') || name.startsWith('xcode-')) return 'macos';
  return name === 'windows' || name.startsWith('windows-') ? 'windows' : undefined;
}

/** What `-latest` stands for: the one before it too, while GitHub moves from one to the next. */
const latest: Readonly<Record<Platform, readonly string[]>> = {
  linux: ['24.04'],
  macos: ['14', '15', '26'],
  windows: ['2022', '2025', '2025-vs2026'],
};

/** Whether one runner can have both labels. Labels that name no system go with all. */
export function areCompatible(left: string, right: string): boolean {
  const platforms = [platformOf(left), platformOf(right)];
  if (platforms[0] === undefined || platforms[1] === undefined) return true;
  if (platforms[0] !== platforms[1]) return false;
  const versions = [left, right].map((label) => versionsOf(label.toLowerCase()));
  const [first, second] = versions;
  return first === undefined || second === undefined || first.some((version) => second.includes(version));
}

function versionsOf(label: string): readonly string[] | undefined {
  const platform = platformOf(label);
  if (platform === undefined || !label.includes('-')) return undefined;
  const version = label.slice(label.indexOf('-') + 1);
  return version.startsWith('latest') ? latest[platform] : [version];
}
