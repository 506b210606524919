/** Draws row security: policies for every command, for all roles or for some. */
import { isPlain, type TableDraft, type World } from './draft.ts';
import type { PolicyPlan, Template } from './plan.ts';
import type { Random } from './random.ts';

export function drawPolicies(world: World, table: TableDraft): void {
  const { random } = world;
  // Row security without a policy hides all rows from every role but the owner.
  if (random.chance(0.04)) table.isRlsEnabled = true;
  if (!random.chance(0.12)) return;
  const count = random.pick([1, 1, 2, 3]);
  for (let index = 0; index < count; index += 1) table.policies.push(drawPolicy(world, table));
}

function drawPolicy({ random, names }: World, table: TableDraft): PolicyPlan {
  const command = random.pick(['all', 'select', 'insert', 'update', 'delete', undefined] as const);
  const as = random.pick(['permissive', 'restrictive', undefined] as const);
  return {
    name: names.about(`${table.name}_${command ?? 'any'}_policy`),
    ...(as !== undefined && { as }),
    ...(command !== undefined && { for: command }),
    to: random.pick([[], ['public'], ['current_user'], ['pg_monitor'], ['session_user', 'pg_read_all_data']]),
    // An INSERT has no USING expression; a SELECT or DELETE has no WITH CHECK expression.
    ...(command !== 'insert' && { using: drawCondition(random, table) }),
    ...(command !== 'select' && command !== 'delete' && { withCheck: drawCondition(random, table) }),
  };
}

function drawCondition(random: Random, { columns }: TableDraft): Template {
  const key = random.pick(columns.filter(isPlain))?.key;
  if (key === undefined) return 'true';
  return random.pick([
    'true',
    `{${key}} is not null`,
    `{${key}}::text = current_setting('app.tenant', true)`,
    `coalesce({${key}}::text, '') <> 'it''s'`,
  ]);
}
