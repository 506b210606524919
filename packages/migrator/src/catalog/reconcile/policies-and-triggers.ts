/** Returns the SQL for differences of row security, policies, triggers and rules, from the live state `have` to the wanted state `want`. */
import type { Difference } from '../difference.ts';
import type { Fact, FactKey } from '../fact.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { alterTable, qualifiedName, quoted, roleSql, splitList } from '../quoted.ts';
import { type Step, step } from './statement.ts';

/** Facts about the migrations table have an empty `table`. */
const MIGRATIONS_TABLE = 'drizzle.__drizzle_migrations';

const tableOf = ({ schema, table }: Pick<Fact, 'schema' | 'table'>): string =>
  table === '' ? MIGRATIONS_TABLE : qualifiedName(schema, table);

export function rowSecuritySteps(difference: Difference): Step[] {
  const { schema, table, have = '', want = '' } = difference;
  const change = table === '' ? `ALTER TABLE ${MIGRATIONS_TABLE}` : alterTable(schema, table);
  const steps: Step[] = [];
  if (isEnabled(have) !== isEnabled(want)) {
    steps.push(step('policies and triggers', `${change} ${isEnabled(want) ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`));
  }
  if (isForced(have) !== isForced(want)) {
    steps.push(step('policies and triggers', `${change} ${isForced(want) ? '' : 'NO '}FORCE ROW LEVEL SECURITY`));
  }
  return steps;
}

// The states are `enabled, also for the owner`, `enabled`, `disabled, forced once enabled` and `disabled`.
const isEnabled = (state: string): boolean => state.startsWith('enabled');
const isForced = (state: string): boolean => state.includes('owner') || state.includes('forced');

export function policySteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const fact = want.find(difference);
  const drop = dropFromTableStep(difference);
  if (difference.change === 'extra') return [drop];
  if (fact === undefined) return [];
  return difference.change === 'missing' ? [createPolicyStep(fact)] : [drop, createPolicyStep(fact)];
}

function createPolicyStep(fact: Fact): Step {
  const { mode, command, roles = '', using, check } = fact.attributes;
  const names = splitList(roles).map((name) => (name === 'the migrator' ? roleSql(name) : name));
  const terms = [
    `CREATE POLICY ${quoted(fact.name)} ON ${tableOf(fact)} AS ${mode} FOR ${command} TO ${names.join(', ')}`,
    ...(using === 'none' ? [] : [`USING (${using})`]),
    ...(check === 'none' ? [] : [`WITH CHECK (${check})`]),
  ];
  return step('policies and triggers', terms.join(' '));
}

export function triggerSteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const fact = want.find(difference);
  const drop = dropFromTableStep(difference);
  if (difference.change === 'extra') return [drop];
  if (fact === undefined) return [];
  if (difference.attribute === 'enabled') return [setEnabledStep(fact)];
  const create = [step('policies and triggers', fact.attributes['definition'] ?? ''), ...enabledSteps(fact)];
  return difference.change === 'missing' ? create : [drop, ...create];
}

export function ruleSteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const fact = want.find(difference);
  if (difference.change === 'extra') return [dropFromTableStep(difference)];
  if (fact === undefined) return [];
  if (difference.attribute === 'enabled') return [setEnabledStep(fact)];
  const definition = (fact.attributes['definition'] ?? '').replace(/^CREATE RULE/, 'CREATE OR REPLACE RULE');
  return [step('policies and triggers', definition.replace(/;$/, '')), ...enabledSteps(fact)];
}

/** Drops a policy, trigger or rule of a table. */
export function dropFromTableStep({ kind, schema, table, name }: FactKey): Step {
  return step('unlink', `DROP ${kind.toUpperCase()} ${quoted(name)} ON ${tableOf({ schema, table })}`);
}

/** The step for a new trigger or rule, which PostgreSQL creates enabled; none if it must be enabled. */
function enabledSteps(fact: Fact): Step[] {
  return fact.attributes['enabled'] === 'enabled' ? [] : [setEnabledStep(fact)];
}

const VERBS: Readonly<Record<string, string>> = {
  enabled: 'ENABLE',
  disabled: 'DISABLE',
  'on replicas': 'ENABLE REPLICA',
  always: 'ENABLE ALWAYS',
};

function setEnabledStep(fact: Fact): Step {
  const verb = VERBS[fact.attributes['enabled'] ?? ''];
  const sql = `ALTER TABLE ${tableOf(fact)} ${verb} ${fact.kind.toUpperCase()} ${quoted(fact.name)}`;
  return step('policies and triggers', sql);
}
