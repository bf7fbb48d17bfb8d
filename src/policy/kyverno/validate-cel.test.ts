// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compiled, podOf, policyOf, verdictOf } from '../../../test/support/kyverno-rule.ts';
import type { JsonObject } from '../../formats/document.ts';
import type { AdmissionData } from '../admission-policy/params.ts';
import type { DataProvider } from '../data-provider.ts';

const map = (namespace: string, allowed: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'nodes', namespace },
  data: { allowed },
});

function rule(paramRef: JsonObject, more: JsonObject = {}): JsonObject {
  const expressions = [{ expression: 'object.spec.nodeName == params.data.allowed', message: 'no such node' }];
  return { validate: { cel: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, paramRef, expressions } }, ...more };
}

function verdict(own: JsonObject, known: readonly JsonObject[] | undefined, policy: JsonObject = {}): string {
  const provider: Partial<DataProvider> =
    known === undefined ? {} : { objects: (_, kind) => ({ kind: 'found', value: kind === 'ConfigMap' ? known : [] }) };
  return verdictOf(compiled([policyOf(own, policy)]), podOf({ nodeName: 'a' }), { provider });
}

const named = { name: 'nodes', namespace: 'settings', parameterNotFoundAction: 'Deny' };

describe('params of validate.cel', () => {
  it('are the objects that paramRef names', () => {
    expect(verdict(rule(named), [map('settings', 'a'), map('shop', 'b')])).toMatch(/^pass /);
    expect(verdict(rule(named), [map('settings', 'b'), map('shop', 'a')])).toMatch(/^fail .*no such node/);
  });

  it('are looked for in the namespace of the object where paramRef names none', () => {
    const { namespace: _, ...own } = named;

    expect(verdict(rule(own), [map('settings', 'b'), map('shop', 'a')])).toMatch(/^pass /);
  });

  it('may be missing only where paramRef allows that', () => {
    expect(verdict(rule(named), [])).toMatch(/^fail .*no params found/);
    expect(verdict(rule({ ...named, parameterNotFoundAction: 'Allow' }), [])).toMatch(/^skip /);
  });

  it('that nobody can look up are no params that are missing', () => {
    expect(verdict(rule({ ...named, parameterNotFoundAction: 'Allow' }), undefined)).toMatch(
      /^fail .*could not be looked up/,
    );
  });

  it('are there for celPreconditions', () => {
    const own = rule(named, { celPreconditions: [{ name: 'a', expression: "params.data.allowed != 'off'" }] });

    expect(verdict(own, [map('settings', 'off')])).toMatch(/^skip /);
    expect(verdict(own, [map('settings', 'b')])).toMatch(/^fail /);
  });

  it('of another namespace are no business of a Policy of a namespace', () => {
    const policy = { kind: 'Policy', metadata: { name: 'p', namespace: 'shop' } };

    expect(verdict(rule(named), [map('settings', 'a')], policy)).toMatch(/^error .*of that namespace only/);
    expect(verdict(rule({ ...named, namespace: 'shop' }), [map('shop', 'a')], policy)).toMatch(/^pass /);
  });

  it('need paramKind and paramRef', () => {
    const cel = { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, expressions: [{ expression: 'true' }] };

    expect(compiled([policyOf({ validate: { cel } })]).problems[0]?.message).toContain('go together');
  });
});

describe('authorizer in validate.cel', () => {
  const may = "authorizer.group('').resource('secrets').namespace('shop').check('get').allowed()";
  const engine = compiled([
    policyOf({ validate: { cel: { expressions: [{ expression: may, message: 'not allowed' }] } } }),
  ]);
  const userInfo = { username: 'mia', uid: '7', groups: ['team'] };
  type Authorize = NonNullable<AdmissionData['authorize']>;
  const ask = (authorize?: Authorize, request = {}): string =>
    verdictOf(engine, podOf(), { ...(authorize === undefined ? {} : { authorize }), request });

  it('asks the cluster about the requester, as ValidatingAdmissionPolicies do', () => {
    const asked: unknown[] = [];
    const answer =
      (decision: 'allow' | 'no-opinion'): Authorize =>
      (question, user) => {
        asked.push([question, user]);
        return { decision };
      };

    expect(ask(answer('allow'), { userInfo })).toMatch(/^pass /);
    expect(ask(answer('no-opinion'), { userInfo })).toMatch(/^fail .*not allowed/);
    expect(asked[0]).toEqual([{ verb: 'get', group: '', resource: 'secrets', namespace: 'shop' }, userInfo]);
  });

  it('tells whoever answers that nobody asks, where there is no request', () => {
    const users: unknown[] = [];
    const authorize: Authorize = (_, user) => {
      users.push(user);
      return { decision: 'no-opinion', error: 'nobody asks' };
    };

    expect(ask(authorize)).toMatch(/^fail /);
    expect(users).toEqual([undefined]);
  });

  it('is an error where nobody can be asked, which refuses', () => {
    expect(ask()).toMatch(/^fail .*nobody could be asked/);
  });
});
