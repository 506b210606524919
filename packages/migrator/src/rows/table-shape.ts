/** What the catalog says of a table, as far as a row depends on it. */
import { z } from 'zod';

/** A type without its domains: what its values look like. */
const Type = z.object({
  /** With its modifiers, as `format_type` spells it: `numeric(5,2)`. */
  baseType: z.string(),
  /** PostgreSQL's `typcategory`: https://www.postgresql.org/docs/current/catalog-pg-type.html */
  category: z.string(),
  /** Of an enum, in its order. */
  labels: z.array(z.string()).exactOptional(),
  /** Of an element or a field: a domain with conditions, which not every value of its type satisfies. */
  isRestricted: z.boolean().exactOptional(),
});

const Expression = z.object({
  name: z.string(),
  /** The columns that it names. */
  columns: z.array(z.string()),
  /** SQL in which the columns stand without their table. */
  expression: z.string(),
});

const Column = Type.extend({
  name: z.string(),
  /** As `format_type` spells it; of a domain, its name. `baseType` has the type beneath. */
  type: z.string(),
  isArray: z.boolean(),
  /** Of an array's elements. */
  element: Type.exactOptional(),
  /** Of an array, as it was declared; PostgreSQL itself takes arrays of any number of dimensions. */
  dimensions: z.number().exactOptional(),
  /** Of a composite type, in their order. */
  fields: z.array(Type).exactOptional(),
  /** In characters, of `varchar(n)` and `char(n)`. */
  maxLength: z.number().exactOptional(),
  /** False also when a domain refuses null. */
  isNullable: z.boolean(),
  default: z.string().exactOptional(),
  identity: z.enum(['always', 'by default']).exactOptional(),
  isGenerated: z.boolean(),
  /** The expression of a generated column. */
  generation: z.string().exactOptional(),
  /** Its default takes the next value of a sequence, or it is an identity. */
  hasSequence: z.boolean(),
});

const Action = z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']);

const ForeignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  references: z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) }),
  onDelete: Action,
  onUpdate: Action,
  isDeferrable: z.boolean(),
  isDeferred: z.boolean(),
  isValidated: z.boolean(),
});

/** No two rows may agree in all keys, as their operators compare them. */
const Exclusion = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  /** One SQL expression for each key. */
  keys: z.array(z.string()),
  /** Schema-qualified, one for each key. */
  operators: z.array(z.string()),
  /** Of a partial index: only rows for which it is true count. */
  predicate: z.string().exactOptional(),
});

const UniqueKey = z.object({
  name: z.string(),
  /** Those that are keys by themselves; an expression's are in `dependsOn`. */
  columns: z.array(z.string()),
  /** All columns that the keys and the predicate name. */
  dependsOn: z.array(z.string()),
  keys: z.array(z.string()),
  predicate: z.string().exactOptional(),
  isPrimary: z.boolean(),
  isPartial: z.boolean(),
  hasExpressions: z.boolean(),
  isNullsNotDistinct: z.boolean(),
  isConstraint: z.boolean(),
  isDeferred: z.boolean(),
});

/** The row that a query gives for each table. */
export const TableShape = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(Column),
  primaryKey: z.array(z.string()),
  uniqueKeys: z.array(UniqueKey),
  foreignKeys: z.array(ForeignKey),
  /** Of the table. */
  checks: z.array(Expression),
  /** Of the columns' domains, with the column in the place of VALUE. */
  domainChecks: z.array(Expression),
  exclusions: z.array(Exclusion),
  rowSecurity: z.object({ isEnabled: z.boolean(), isForced: z.boolean() }),
});

type ReadonlyDeep<T> = T extends (infer E)[]
  ? readonly ReadonlyDeep<E>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T;

export type TableShape = ReadonlyDeep<z.infer<typeof TableShape>>;
export type ColumnShape = ReadonlyDeep<z.infer<typeof Column>>;
export type TypeShape = ReadonlyDeep<z.infer<typeof Type>>;
export type ForeignKeyShape = ReadonlyDeep<z.infer<typeof ForeignKey>>;
export type UniqueKeyShape = ReadonlyDeep<z.infer<typeof UniqueKey>>;
export type ExclusionShape = ReadonlyDeep<z.infer<typeof Exclusion>>;

/** A table's name among all schemas. */
export type TableName = Pick<TableShape, 'schema' | 'name'>;

/** As messages spell it. */
export const spelled = ({ schema, name }: TableName): string => (schema === 'public' ? name : `${schema}.${name}`);

/** Equal for equal tables only. */
export const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);
