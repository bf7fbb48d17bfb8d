// SPDX-License-Identifier: Apache-2.0
// The list of all feeds.
import type { Feed, FeedRecord } from '../feed.ts';
import { alpine } from './alpine.ts';
import { csaf } from './csaf.ts';
import { debianChangelog } from './debian-changelog.ts';
import { debianErrata } from './debian-errata.ts';
import { debianTracker } from './debian-tracker.ts';
import { epss } from './epss.ts';
import { friendsofphp } from './friendsofphp.ts';
import { kev } from './kev.ts';
import { nodejs } from './nodejs.ts';
import { nvd } from './nvd.ts';
import { openvex } from './openvex.ts';
import { osv } from './osv.ts';
import { oval } from './oval.ts';
import { photon } from './photon.ts';
import { retirejs } from './retirejs.ts';
import { roave } from './roave.ts';
import { rubysec } from './rubysec.ts';
import { rustsec } from './rustsec.ts';
import { trivyDb } from './trivy-db.ts';
import { updateinfo } from './updateinfo.ts';
import { vunnelGithub } from './vunnel-github.ts';
import { vunnelOs } from './vunnel-os.ts';

export const feeds: readonly Feed[] = [
  osv,
  debianTracker,
  debianErrata,
  debianChangelog,
  alpine,
  rustsec,
  rubysec,
  friendsofphp,
  roave,
  nodejs,
  retirejs,
  nvd,
  vunnelOs,
  vunnelGithub,
  trivyDb,
  oval,
  csaf,
  updateinfo,
  photon,
  openvex,
  kev,
  epss,
];

/** The feed with this id; undefined when there is none. */
export function feedOf(id: string): Feed | undefined {
  return feeds.find((feed) => feed.id === id);
}

/** The feed that a record is surely of; undefined when none knows it. */
export function recogniseFeed(record: FeedRecord): Feed | undefined {
  return feeds.find((feed) => feed.recognises(record));
}
