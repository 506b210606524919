/** Finds objects that depend on a change: they are dropped before the change and recreated after it. */
import type { Difference } from '../difference.ts';
import { describeFact, type Fact, isView, keyOf } from '../fact.ts';
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

export function dependentsOf(input: ReconcileInput): Dependents {
  const { objects, columns } = findChanges(input);
  const recreated = factsToRebuild(objects, columns, input);
  const parts = [
    ...partsOfObjects([...objects, ...recreated.keys()], input),
    ...columns.flatMap((column) => partsOfColumn(column, input)),
    ...droppedKeys(input).flatMap((key) => foreignKeysTo(key, input)),
  ];
  const found = [...recreated.values(), ...new Set(parts)];
  return {
    recreated: new Set(recreated.keys()),
    drops: found.map((fact) => dropStep(fact, input)),
    missing: found
      .filter((fact) => input.want.find(fact) !== undefined && !hasOwnDifference(fact, input))
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

const objectNameOf = ({ kind, schema, name }: Difference): string =>
  objectName({ kind: kind === 'view' ? 'table' : kind, schema, name });

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

/** Views and functions that depend on the objects or columns, directly or not. */
function factsToRebuild(
  objects: readonly string[],
  columns: readonly ChangedColumn[],
  { have, differences }: ReconcileInput,
): Map<string, Fact> {
  const dropped = new Set(objects);
  const recreated = new Map<string, Fact>();
  const candidates = have.all.filter((fact) => fact.kind === 'function' || (fact.kind === 'table' && isView(fact)));
  // The changed views themselves.
  for (const fact of candidates) {
    const name = objectName(fact);
    const isKindChanged = differences.some(
      (other) => other.kind === 'table' && other.attribute === 'kind' && objectNameOf(other) === name,
    );
    if (fact.kind === 'table' && dropped.has(name) && !isKindChanged) recreated.set(name, fact);
  }
  for (let before = -1; before < recreated.size;) {
    before = recreated.size;
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

function readsColumn(fact: Fact, needs: readonly string[], columns: readonly ChangedColumn[], have: Facts): boolean {
  const { schema, table, name, kind } = fact;
  const text =
    kind === 'function'
      ? fact.attributes['definition']
      : have.find({ kind: 'view', schema, table, name })?.attributes['definition'];
  return columns.some(
    ({ fact: column }) =>
      needs.includes(tableObject(column.schema, column.table)) && namesColumn(text ?? '', column.name),
  );
}

/** Policies, triggers, constraints, indexes and rules whose definitions name one of the objects. */
function partsOfObjects(objects: readonly string[], { have }: ReconcileInput): Fact[] {
  const names = objects.map((object) => {
    const [, kind = '', schema = '', name = ''] = /^(\w+) ([^.]+)\.(.+)$/s.exec(object) ?? [];
    return { kind, schema, name: kind === 'function' ? bareName(name) : name };
  });
  return have.all.filter((fact) => {
    if (!PARTS.has(fact.kind)) return false;
    // Triggers and rules of a view are dropped with the view.
    if (isView(have.table(fact.schema, fact.table))) return false;
    const text = describeFact(fact);
    return names.some(({ schema, name }) => namesObject(text, schema, name));
  });
}

const PARTS = new Set<Fact['kind']>(['policy', 'trigger', 'constraint', 'index', 'rule']);

/** The name in `f(integer)` or `"My Function"(text)`. */
function bareName(signature: string): string {
  const [, quotedName, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^(]+))\(/.exec(signature) ?? [];
  return quotedName === undefined ? plain : quotedName.replaceAll('""', '"');
}

function partsOfColumn({ fact: column, isDropped }: ChangedColumn, { have }: ReconcileInput): Fact[] {
  const { schema, table, name } = column;
  return have.all.filter((fact) => {
    const isOfTable = fact.schema === schema && fact.table === table;
    const text = describeFact(fact);
    const isAbout = (isOfTable || namesObject(text, schema, table)) && namesColumn(text, name);
    if (!isAbout) return false;
    if (fact.kind === 'policy' || fact.kind === 'rule') return true;
    if (fact.kind === 'trigger') return isOfTable && / (OF|WHEN) /.test(text);
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
    const [, target = '', referenced = ''] =
      / REFERENCES (.+?)\((.+?)\)(?: (?:ON|MATCH|DEF|NOT|INI)|$)/s.exec(attributes['definition'] ?? '') ?? [];
    const isOfTable = namesObject(target, key.schema, key.table);
    return isOfTable && splitList(referenced).toSorted().join() === splitList(columns).toSorted().join();
  });
}

function dropStep(fact: Fact, input: ReconcileInput): Step {
  const { kind, schema, table, name, attributes } = fact;
  switch (kind) {
    case 'table': {
      const keyword = (attributes['kind'] ?? 'view').toUpperCase();
      return step('drop views', `DROP ${keyword} ${qualifiedName(schema, table)}`, { object: objectName(fact) });
    }
    case 'function':
      return step('drop views', dropRoutineSql(fact), { object: objectName(fact) });
    case 'constraint':
      return dropConstraintStep(fact, input);
    case 'index':
      return step('drop keys', `DROP INDEX ${qualifiedName(schema, name)}`);
    default:
      return dropFromTableStep(fact);
  }
}

/** Whether another difference already changes the object, and so recreates it. */
function hasOwnDifference({ kind, schema, table, name }: Fact, { differences }: ReconcileInput): boolean {
  return differences.some(
    (other) =>
      other.kind === kind &&
      other.schema === schema &&
      other.table === table &&
      other.name === name &&
      other.change === 'changed' &&
      kind !== 'table',
  );
}
