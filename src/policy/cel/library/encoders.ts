// SPDX-License-Identifier: Apache-2.0
// The encoders extension (cel-go ext/encoders.go): base64 with and without padding.

import type { CelLibrary } from '../declarations.ts';
import { globalOverload } from '../declarations.ts';
import { functionsOf } from '../environment.ts';
import { bytesType, stringType } from '../types.ts';
import type { CelValue } from '../values.ts';
import { CelBytes, CelError, textOf } from '../values.ts';

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function decode(value: CelValue = ''): CelValue {
  const text = textOf(value);
  const digits = text.replace(/={1,2}$/, '');
  if (!base64.test(text) || digits.length % 4 === 1) return new CelError('illegal base64 data');
  if (digits.length !== text.length && text.length % 4 !== 0) return new CelError('illegal base64 data');
  return new CelBytes(new Uint8Array(Buffer.from(text, 'base64')));
}

export const encoderLibrary: CelLibrary = {
  name: 'encoders',
  functions: functionsOf({
    'base64.encode': [
      globalOverload('base64_encode_bytes', [[bytesType], stringType], (value) =>
        value instanceof CelBytes ? Buffer.from(value.value).toString('base64') : new CelError('no such overload'),
      ),
    ],
    'base64.decode': [globalOverload('base64_decode_string', [[stringType], bytesType], decode)],
  }),
};
