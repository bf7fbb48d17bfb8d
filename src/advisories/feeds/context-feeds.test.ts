// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFeed, readFeedFile } from '../../../test/support/read-feed.ts';
import { epss } from './epss.ts';
import { kev } from './kev.ts';

describe('kev', () => {
  const entry = { cveID: 'CVE-2021-44228', dateAdded: '2021-12-10', knownRansomwareCampaignUse: 'Known' };

  it('reads the official document and single entries alike', () => {
    const document = { title: 'catalog', catalogVersion: '2024.1.1', vulnerabilities: [entry] };

    for (const values of [[document], [entry]]) {
      const { output } = readFeed(kev, values);
      expect(output.context.get('CVE-2021-44228')).toEqual({
        knownExploited: { added: '2021-12-10', ransomware: true },
      });
      expect(output.contextSources.get('kev')).toBe('2021-12-10');
    }
  });

  it('takes anything but "Known" for not known to be used by ransomware', () => {
    const { output } = readFeed(kev, [{ ...entry, knownRansomwareCampaignUse: 'Unknown' }]);

    expect(output.context.get('CVE-2021-44228')?.knownExploited?.ransomware).toBe(false);
  });

  it('reports entries without an id or a date', () => {
    expect(
      readFeed(kev, [{ cveID: 'nonsense', dateAdded: '2021-12-10' }, { vulnerabilities: [{}] }]).problems,
    ).toHaveLength(2);
  });
});

describe('epss', () => {
  const csv =
    '#model_version:v2025.03.14,score_date:2026-06-01T12:55:00Z\ncve,epss,percentile\nCVE-1999-0001,0.01297,0.79119\n"CVE-2021-44228","0.94358","0.99962"\n';

  it('reads the compressed file with its date', () => {
    const { output, problems } = readFeedFile(epss, 'epss_scores-current.csv.gz', gzipSync(csv));

    expect(problems).toEqual([]);
    expect(output.context.get('CVE-2021-44228')).toEqual({ epss: { score: 0.94358, percentile: 0.99962 } });
    expect(output.context.size).toBe(2);
    expect(output.contextSources.get('epss')).toBe('2026-06-01');
  });

  it('reports lines that are none and takes a missing score for unknown', () => {
    const { output, problems } = readFeedFile(
      epss,
      'e.csv',
      'cve,epss,percentile\nCVE-2020-0001,,0.1\nCVE-2020-0002,1.5,0.1\nfree text\nCVE-2020-0003,0.2,0.3',
    );

    expect(problems).toHaveLength(3);
    expect([...output.context.keys()]).toEqual(['CVE-2020-0003']);
  });

  it('adds to what another feed says of a CVE', () => {
    const { output } = readFeed(kev, [{ cveID: 'CVE-2021-44228', dateAdded: '2021-12-10' }]);

    epss.read({ path: 'e.csv', value: csv }, output);

    expect(Object.keys(output.context.get('CVE-2021-44228') ?? {})).toEqual(['knownExploited', 'epss']);
  });
});
