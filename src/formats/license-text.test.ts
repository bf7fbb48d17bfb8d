// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { licenseOfText } from './license-text.ts';

describe('licenseOfText', () => {
  it.each([
    ['                 Apache License\n           Version 2.0, January 2004\n', 'Apache-2.0'],
    ['Copyright (c) 2020 A\n\nPermission is hereby granted, free of charge, to any person obtaining\na copy of', 'MIT'],
    ['Redistribution and use in source and binary forms, with or without ... Neither the name of', 'BSD-3-Clause'],
    ['Redistribution and use in source and binary forms, with or without', 'BSD-2-Clause'],
    ['Eclipse Public License - v 2.0', 'EPL-2.0'],
    ['GNU LESSER GENERAL PUBLIC LICENSE\n  Version 2.1, February 1999', 'LGPL-2.1-only'],
  ])('recognises %j', (text, license) => {
    expect(licenseOfText(text)).toBe(license);
  });

  it('does not guess', () => {
    expect(licenseOfText('All rights reserved.')).toBeUndefined();
  });
});
