// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { catalogText } from '../../../test/catalog-text.ts';
import { otpApp } from './otp-app.ts';

describe('otpApp', () => {
  it('reads name and version of an application', () => {
    const text =
      '%% built\n{application, \'rabbit\', [\n  {description, "Broker"},\n  {vsn, "3.12.10"},\n  {env, [{limit, 50000000}]} ]}.\n';

    const { get } = catalogText(otpApp, { 'ebin/rabbit.app': text });

    expect(get('rabbit')).toMatchObject({
      version: '3.12.10',
      purl: 'pkg:otp/rabbit@3.12.10',
      facts: { description: 'Broker' },
    });
  });

  it('reports a broken term, but not a file that is none', () => {
    expect(catalogText(otpApp, { 'a.app': '{application, [ \'foo" ]}' }).problems).toMatchObject([{ kind: 'syntax' }]);
    expect(catalogText(otpApp, { 'a.app': 'just text' }).problems).toEqual([]);
  });
});
