// SPDX-License-Identifier: Apache-2.0
// The shape of the suite: protobuf JSON of cel.expr.conformance.test.SimpleTestFile.

export interface SuiteValue {
  readonly nullValue?: unknown;
  readonly boolValue?: boolean;
  readonly int64Value?: string;
  readonly uint64Value?: string;
  readonly doubleValue?: number | string;
  readonly stringValue?: string;
  readonly bytesValue?: string;
  readonly typeValue?: string;
  readonly enumValue?: { readonly type?: string; readonly value?: number };
  readonly listValue?: { readonly values?: readonly SuiteValue[] };
  readonly mapValue?: { readonly entries?: readonly { readonly key: SuiteValue; readonly value: SuiteValue }[] };
  readonly objectValue?: Readonly<Record<string, unknown>> & { readonly '@type': string };
}

export interface SuiteType {
  readonly primitive?: string;
  readonly wrapper?: string;
  readonly wellKnown?: string;
  readonly null?: unknown;
  readonly dyn?: unknown;
  readonly typeParam?: string;
  readonly messageType?: string;
  readonly listType?: { readonly elemType?: SuiteType };
  readonly mapType?: { readonly keyType?: SuiteType; readonly valueType?: SuiteType };
  readonly abstractType?: { readonly name: string; readonly parameterTypes?: readonly SuiteType[] };
  readonly type?: SuiteType;
}

export interface SuiteFunction {
  readonly overloads?: readonly {
    readonly overloadId: string;
    readonly params?: readonly SuiteType[];
    readonly resultType?: SuiteType;
    readonly isInstanceFunction?: boolean;
  }[];
}

export interface CelTest {
  readonly name: string;
  readonly expr: string;
  readonly container?: string;
  readonly typeEnv?: readonly {
    readonly name: string;
    readonly ident?: { readonly type?: SuiteType };
    readonly function?: SuiteFunction;
  }[];
  readonly bindings?: Readonly<Record<string, { readonly value: SuiteValue }>>;
  readonly disableMacros?: boolean;
  readonly disableCheck?: boolean;
  readonly checkOnly?: boolean;
  readonly value?: SuiteValue;
  readonly evalError?: unknown;
  readonly anyEvalErrors?: unknown;
  readonly typedResult?: { readonly result?: SuiteValue; readonly deducedType?: SuiteType };
}

export interface CelTestFile {
  readonly name: string;
  readonly section: readonly { readonly name: string; readonly test?: readonly CelTest[] }[];
}
