// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decisionOf, plainOptions, viewOf, vulnerability } from '../../test/support/report-view.ts';
import { json, reportSchema } from './json.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/schema/report.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

describe('json', () => {
  it('fits the documented schema', () => {
    const suppressed = { by: 'vex', source: 'vex.json:1', reason: 'x', status: 'not_affected' } as const;
    const view = viewOf([
      decisionOf(vulnerability({})),
      decisionOf(vulnerability({ id: 'CVE-1', name: 'x' }), { suppressed }),
    ]);

    const document = JSON.parse(json.write(view, plainOptions)) as unknown;

    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document).toMatchObject({
      schema: reportSchema,
      findings: [{ id: 'CVE-2021-23337' }],
      suppressed: [{ id: 'CVE-1' }],
    });
  });
});
