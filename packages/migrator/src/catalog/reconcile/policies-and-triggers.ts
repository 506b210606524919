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

/** The steps for a policy, a trigger or a rule. */
export function tablePartSteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const { kind, change, attribute } = difference;
  if (change === 'extra') return [dropFromTableStep(difference)];
  const fact = want.find(difference);
  if (fact === undefined) return [];
  if (attribute === 'enabled') return [setEnabledStep(fact)];
  const create = step('policies and triggers', kind === 'policy' ? createPolicySql(fact) : createSql(fact));
  // PostgreSQL creates a trigger or rule enabled. CREATE OR REPLACE needs no DROP of the old rule.
  const { enabled = 'enabled' } = fact.attributes;
  const steps = enabled === 'enabled' ? [create] : [create, setEnabledStep(fact)];
  return change === 'missing' || kind === 'rule' ? steps : [dropFromTableStep(difference), ...steps];
}

/** The definition of a trigger or rule, without semicolon. */
function createSql({ attributes: { definition = '' } }: Fact): string {
  return definition.replace(/^CREATE RULE(.*?);?$/s, 'CREATE OR REPLACE RULE$1');
}

function createPolicySql(fact: Fact): string {
  const { mode, command, roles = '', using, check } = fact.attributes;
  const names = splitList(roles).map((name) => (name === 'the migrator' ? roleSql(name) : name));
  const terms = [
    `CREATE POLICY ${quoted(fact.name)} ON ${tableOf(fact)} AS ${mode} FOR ${command} TO ${names.join(', ')}`,
    ...(using === 'none' ? [] : [`USING (${using})`]),
    ...(check === 'none' ? [] : [`WITH CHECK (${check})`]),
  ];
  return terms.join(' ');
}

/** Drops a policy, trigger or rule of a table. */
export function dropFromTableStep({ kind, schema, table, name }: FactKey): Step {
  return step('unlink', `DROP ${kind.toUpperCase()} ${quoted(name)} ON ${tableOf({ schema, table })}`);
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
