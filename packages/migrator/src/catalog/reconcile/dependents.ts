/** Finds objects of the live catalog that depend on a change: they are dropped before the change and recreated after it. */
import type { Difference } from '../difference.ts';
import { describeFact, type Fact, identityOf, isView, keyOf } from '../fact.ts';
import type { Facts } from '../facts.ts';
import { dropFromTableStep } from './policies-and-triggers.ts';
import { dropConstraintStep } from './constraint.ts';
import { type ReconcileInput, needsOf, objectName, tableObject } from './reconcile-input.ts';
import { namesObject, namesColumn, qualifiedName, splitList } from '../quoted.ts';
import { dropRoutineSql, mustRecreateRoutine } from './routine.ts';
import { type Step, step } from './statement.ts';
import { canReplaceView } from './table.ts';
import { mustReplaceType } from './type.ts';

export interface Dependents {
  /** The object names of views and functions that are dropped and recreated. */
  readonly recreated: ReadonlySet<string>;
  readonly drops: Step[];
  /** The dropped objects, as differences of the change `missing`. */
  readonly missing: Difference[];
}

/** Finds the dependents of all changes: views, functions, and parts of tables such as policies, constraints and indexes. */
export function dependentsOf(input: ReconcileInput): Dependents {
  const { objects, columns } = findChanges(input);
  const recreated = viewsAndFunctionsToRecreate(objects, columns, input);
  const parts = [
    ...partsOfObjects([...objects, ...recreated.keys()], input),
    ...columns.flatMap((column) => partsOfColumn(column, input)),
    ...droppedKeys(input).flatMap((key) => foreignKeysTo(key, input)),
  ];
  const dependents = [...recreated.values(), ...new Set(parts)];
  return {
    recreated: new Set(recreated.keys()),
    drops: dependents.map((fact) => dropStep(fact, input)),
    missing: dependents
      .filter((fact) => input.want.find(fact) !== undefined && !isChangedAnyway(fact, input))
      .map((fact) => Object.assign(keyOf(fact), { change: 'missing' as const })),
  };
}

interface ChangedColumn {
  readonly fact: Fact;
  /** Whether the column is dropped and recreated, with its indexes and constraints. */
  readonly isDropped: boolean;
}

/** Finds the objects that must be dropped and recreated, and the columns whose type, collation or generation expression changes. */
function findChanges(input: ReconcileInput): { objects: string[]; columns: ChangedColumn[] } {
  const { differences, have } = input;
  const columns = differences.flatMap((difference) => {
    const fact = have.find(difference);
    if (fact?.kind !== 'column' || difference.change !== 'changed') return [];
    const { attribute = '', want = '' } = difference;
    // A stored generated column becomes an ordinary column without being dropped.
    const isDropped = attribute === 'generated' && !(want === 'none' && difference.have?.endsWith('STORED'));
    return ['type', 'collation'].includes(attribute) || isDropped ? [{ fact, isDropped }] : [];
  });
  const objects = differences.filter((difference) => mustBeDropped(difference, input)).map(objectNameOf);
  return { objects, columns: [...columns, ...generatedColumnsUsing(columns, input)] };
}

/** The name of the object in `needs` of facts, which list a view as a table. */
const objectNameOf = ({ kind, schema, name }: Difference): string =>
  objectName({ kind: kind === 'view' ? 'table' : kind, schema, name });

/** Whether the change is possible only by dropping the object and creating it again. */
function mustBeDropped(difference: Difference, input: ReconcileInput): boolean {
  const { kind, schema, table, change, attribute } = difference;
  if (change !== 'changed') return false;
  if (kind === 'table') return attribute === 'kind';
  if (kind === 'type') return mustReplaceType(difference, input);
  if (kind === 'function') return mustRecreateRoutine(difference);
  const view = kind === 'view' ? input.want.table(schema, table) : undefined;
  return view !== undefined && !canReplaceView(view, input);
}

/** The generated columns that use one of the columns: PostgreSQL refuses to change the type of such a column. */
function generatedColumnsUsing(columns: readonly ChangedColumn[], { have }: ReconcileInput): ChangedColumn[] {
  return columns.flatMap(({ fact }) =>
    have
      .ofTable(fact.schema, fact.table, 'column')
      .filter(({ attributes: { generated = 'none' } }) => generated !== 'none' && namesColumn(generated, fact.name))
      .map((generated) => ({ fact: generated, isDropped: true })),
  );
}

/** Views and functions that depend on the objects or columns, directly or not, by object name. */
function viewsAndFunctionsToRecreate(
  objects: readonly string[],
  columns: readonly ChangedColumn[],
  { have, differences }: ReconcileInput,
): Map<string, Fact> {
  const dropped = new Set(objects);
  const recreated = new Map<string, Fact>();
  const candidates = have.all.filter((fact) => fact.kind === 'function' || (fact.kind === 'table' && isView(fact)));
  // The changed views are recreated, too. If a table becomes a view or the reverse, `tableSteps` drops and creates it.
  const ofOtherKind = differences.filter(({ kind, attribute }) => kind === 'table' && attribute === 'kind');
  const replaced = new Set(ofOtherKind.map(objectNameOf));
  for (const fact of candidates) {
    const name = objectName(fact);
    if (fact.kind === 'table' && dropped.has(name) && !replaced.has(name)) recreated.set(name, fact);
  }
  // Repeated until no fact is added, because a view can depend on a view that comes later in the list.
  for (let countBefore = -1; countBefore < recreated.size;) {
    countBefore = recreated.size;
    for (const fact of candidates) {
      const name = objectName(fact);
      if (recreated.has(name) || dropped.has(name)) continue;
      const needs = needsOf(fact);
      const isAffected =
        needs.some((need) => dropped.has(need) || recreated.has(need)) || readsColumn(fact, needs, columns, have);
      if (isAffected) recreated.set(name, fact);
    }
  }
  return recreated;
}

/** Whether the function or the view's query depends on the table of one of the columns, and contains the column's name. */
function readsColumn(fact: Fact, needs: readonly string[], columns: readonly ChangedColumn[], have: Facts): boolean {
  const { schema, table, name, kind } = fact;
  const definer = kind === 'function' ? fact : have.find({ kind: 'view', schema, table, name });
  const { definition = '' } = definer?.attributes ?? {};
  const readable = columns.filter((column) => needs.includes(tableObject(column.fact.schema, column.fact.table)));
  return readable.some((column) => namesColumn(definition, column.fact.name));
}

/** Policies, triggers, constraints, indexes and rules whose definitions name one of the objects. */
function partsOfObjects(objects: readonly string[], { have }: ReconcileInput): Fact[] {
  const names = objects.map((object) => {
    // Such as `table app.event` or `function public.f(integer)`.
    const [, kind = '', schema = '', name = ''] = /^(\w+) ([^.]+)\.(.+)$/s.exec(object) ?? [];
    return { kind, schema, name: kind === 'function' ? bareName(name) : name };
  });
  return have.all.filter((fact) => {
    if (!PARTS.has(fact.kind)) return false;
    // Triggers and rules of a view are dropped with the view.
    if (isView(have.table(fact.schema, fact.table))) return false;
    const definition = describeFact(fact);
    return names.some(({ schema, name }) => namesObject(definition, schema, name));
  });
}

const PARTS = new Set<Fact['kind']>(['policy', 'trigger', 'constraint', 'index', 'rule']);

/** The name in `f(integer)` or `"My Function"(text)`. */
function bareName(signature: string): string {
  const [, quotedName, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^(]+))\(/.exec(signature) ?? [];
  return quotedName === undefined ? plain : quotedName.replaceAll('""', '"');
}

/** Policies, rules and triggers that name the column; and, if the column is dropped, its indexes and constraints. */
function partsOfColumn({ fact: column, isDropped }: ChangedColumn, { have }: ReconcileInput): Fact[] {
  const { schema, table, name } = column;
  return have.all.filter((fact) => {
    const isOfTable = fact.schema === schema && fact.table === table;
    const definition = describeFact(fact);
    const mayUseColumn = (isOfTable || namesObject(definition, schema, table)) && namesColumn(definition, name);
    if (!mayUseColumn) return false;
    if (fact.kind === 'policy' || fact.kind === 'rule') return true;
    // Only UPDATE OF and WHEN in the definition of a trigger depend on columns.
    if (fact.kind === 'trigger') return isOfTable && / (OF|WHEN) /.test(definition);
    return isDropped && isOfTable && (fact.kind === 'index' || fact.kind === 'constraint');
  });
}

/** Keys and unique indexes that are dropped. */
function droppedKeys({ differences, have }: ReconcileInput): Fact[] {
  return differences.flatMap((difference) => {
    const { change, attribute = '' } = difference;
    const isDropped = change === 'extra' || (change === 'changed' && !CHANGED_IN_PLACE.has(attribute));
    const fact = isDropped ? have.find(difference) : undefined;
    return fact?.kind === 'index' || fact?.kind === 'constraint' ? [fact] : [];
  });
}

const CHANGED_IN_PLACE = new Set(['validity', 'indexState', 'options', 'disabledTriggers']);

/** Foreign keys that reference the columns of a key. */
function foreignKeysTo(key: Fact, { have }: ReconcileInput): Fact[] {
  const { constraintType, unique, keys, definition = '' } = key.attributes;
  const isKey = constraintType === 'primary key' || constraintType === 'unique' || unique === 'unique';
  if (!isKey) return [];
  const columns = keys ?? /\((.*)\)/s.exec(definition)?.[1] ?? '';
  return have.all.filter(({ kind, attributes }) => {
    if (kind !== 'constraint' || attributes['constraintType'] !== 'foreign key') return false;
    // The table and the columns, before the next clause (ON, MATCH, DEFERRABLE, NOT, INITIALLY) or the end.
    const [, referencedTable = '', referencedColumns = ''] =
      / REFERENCES (.+?)\((.+?)\)(?: (?:ON|MATCH|DEF|NOT|INI)|$)/s.exec(attributes['definition'] ?? '') ?? [];
    const isOfTable = namesObject(referencedTable, key.schema, key.table);
    return isOfTable && splitList(referencedColumns).toSorted().join() === splitList(columns).toSorted().join();
  });
}

/** Drops a dependent. A fact of kind `table` is a view. */
function dropStep(fact: Fact, input: ReconcileInput): Step {
  const { kind, schema, table, name, attributes } = fact;
  switch (kind) {
    case 'table': {
      const keyword = (attributes['kind'] ?? 'view').toUpperCase();
      return step('drop dependents', `DROP ${keyword} ${qualifiedName(schema, table)}`, { object: objectName(fact) });
    }
    case 'function':
      return step('drop dependents', dropRoutineSql(fact), { object: objectName(fact) });
    case 'constraint':
      return dropConstraintStep(fact, input);
    case 'index':
      return step('drop keys', `DROP INDEX ${qualifiedName(schema, name)}`);
    default:
      return dropFromTableStep(fact);
  }
}

/** Whether another difference already changes the object, and so recreates it. */
function isChangedAnyway(fact: Fact, { differences }: ReconcileInput): boolean {
  const changes = differences.filter(({ kind, change }) => change === 'changed' && kind !== 'table');
  return changes.some((other) => identityOf(other) === identityOf(fact));
}
