/** Returns the SQL for differences of schemas, extensions, and other objects, such as publications. */
import type { Difference } from '../difference.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';

/** The rank of an extension: its schema is created before it, with rank 0. */
const AFTER_CREATE_SCHEMA = 1;

export function schemaSteps({ schema, change }: Difference): Step[] {
  if (change === 'missing') return [step('schemas', `CREATE SCHEMA IF NOT EXISTS ${qualifiedName(schema)}`)];
  return change === 'extra' ? [step('drop extra schemas', `DROP SCHEMA ${qualifiedName(schema)}`)] : [];
}

/** Creates the extension, or moves it to another schema. Returns nothing for an extra extension, which is not dropped. */
export function extensionSteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const { name, change } = difference;
  const schema = want.find(difference)?.attributes['installedIn'];
  if (schema === undefined) return [];
  if (change === 'missing') {
    const create = `CREATE EXTENSION IF NOT EXISTS ${quoted(name)} WITH SCHEMA ${qualifiedName(schema)}`;
    return [step('schemas', create, { rank: AFTER_CREATE_SCHEMA })];
  }
  return [
    step('schemas', `ALTER EXTENSION ${quoted(name)} SET SCHEMA ${qualifiedName(schema)}`, {
      rank: AFTER_CREATE_SCHEMA,
    }),
  ];
}

/**
 * Creates or drops an object whose kind has no function of its own, such as a publication. A changed object is dropped and created, if the
 * catalog contains its definition.
 */
export function objectSteps(difference: Difference, { want }: ReconcileInput): Step[] {
  const { change, name } = difference;
  const drop = dropObjectStatements(difference).map((sql) => step('drop dependents', sql));
  if (change === 'extra') return drop;
  const definition = want.find(difference)?.attributes['definition'] ?? '';
  const create = createObjectStatements(name, definition).map((sql) => step('links', sql));
  if (create.length === 0) return [];
  return change === 'missing' ? create : [...drop, ...create];
}

/**
 * Returns CREATE for statistics and publications; none for other objects, whose definition the catalog does not contain. Of a publication,
 * the catalog contains only the tables: a row filter, a column list and options are lost.
 */
function createObjectStatements(name: string, definition: string): string[] {
  if (name.startsWith('statistics ')) return [definition];
  const [, publication] = /^publication (.+)$/s.exec(name) ?? [];
  if (publication === undefined) return [];
  // The definition is `publication`, `publication of all tables`, or `publication of public.a, public.b`.
  const [, tables = ''] = /^publication of (.+)$/s.exec(definition) ?? [];
  if (tables === 'all tables') return [`CREATE PUBLICATION ${quoted(publication)} FOR ALL TABLES`];
  return [`CREATE PUBLICATION ${quoted(publication)}${tables === '' ? '' : ` FOR TABLE ${tables}`}`];
}

/** Returns DROP for an object whose `name` consists of the kind and the object's name; none for a kind that is not dropped. */
function dropObjectStatements({ schema, name }: Difference): string[] {
  // The name of an operator is qualified SQL with its argument types. Operator classes and families are other kinds.
  const [, operator] = /^operator (?!class |family )(.+)$/s.exec(name) ?? [];
  if (operator !== undefined) return [`DROP OPERATOR ${operator}`];
  const [, kindInSchema = '', nameInSchema = ''] =
    /^(collation|statistics|text search (?:configuration|dictionary)) (.+)$/s.exec(name) ?? [];
  if (kindInSchema !== '') return [`DROP ${kindInSchema.toUpperCase()} ${qualifiedName(schema, nameInSchema)}`];
  const [, kind = '', objectName = ''] = /^(publication|event trigger) (.+)$/s.exec(name) ?? [];
  return kind === '' ? [] : [`DROP ${kind.toUpperCase()} ${quoted(objectName)}`];
}
