/** Returns the SQL for differences of functions, procedures and aggregates, from the live definition `have` to the wanted one, `want`. */
import type { Difference } from '../difference.ts';
import { headerOf } from '../fact.ts';
import { type ReconcileInput, objectName } from './reconcile-input.ts';
import { qualifiedName } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function routineSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { change } = difference;
  const object = { object: objectName(difference) };
  if (change === 'extra') return [step('drop extra', dropRoutineSql(difference), object)];
  const definition = input.want.find(difference)?.attributes['definition'];
  if (definition === undefined) return [];
  const create = step('create', definition.replace(/^CREATE AGGREGATE/, 'CREATE OR REPLACE AGGREGATE'), object);
  return mustRecreateRoutine(difference)
    ? [step('drop functions', dropRoutineSql(difference), object), create]
    : [create];
}

export function dropRoutineSql({ schema, name }: Pick<Difference, 'schema' | 'name'>): string {
  // The name is already SQL, with the argument types.
  return `DROP ROUTINE ${qualifiedName(schema)}.${name}`;
}

/** Whether the result type or the argument names change, which CREATE OR REPLACE cannot do: the header of the definition differs. */
export function mustRecreateRoutine({ kind, change, have = '', want = '' }: Difference): boolean {
  return kind === 'function' && change === 'changed' && headerOf(have) !== headerOf(want);
}
