/** The parts of a table's definition that decide whether a row is valid. */
import { z } from 'zod';

/** A type without its domains. */
const Type = z.object({
  /** The type with its modifiers, as `format_type` prints it: `numeric(5,2)`. */
  baseType: z.string(),
  /** PostgreSQL's `typcategory`: https://www.postgresql.org/docs/current/catalog-pg-type.html */
  category: z.string(),
  /** The labels of an enum, in its order. */
  labels: z.array(z.string()).exactOptional(),
  /** Whether the type of an element or field is a domain with conditions: not every value of the base type is valid. */
  isRestricted: z.boolean().exactOptional(),
});

const Expression = z.object({
  name: z.string(),
  /** The columns that the expression names. */
  columns: z.array(z.string()),
  /** SQL in which columns have no table qualifier. */
  expression: z.string(),
});

const Column = Type.extend({
  name: z.string(),
  /** The type as `format_type` prints it; for a domain, its name. `baseType` is the type below the domain. */
  type: z.string(),
  isArray: z.boolean(),
  /** The type of an array's elements. */
  element: Type.exactOptional(),
  /** The declared dimensions of an array. PostgreSQL itself accepts arrays of any number of dimensions. */
  dimensions: z.number().exactOptional(),
  /** The fields of a composite type, in order. */
  fields: z.array(Type).exactOptional(),
  /** The maximal number of characters of `varchar(n)` and `char(n)`. */
  maxLength: z.number().exactOptional(),
  /** Also false if a domain refuses null. */
  isNullable: z.boolean(),
  default: z.string().exactOptional(),
  identity: z.enum(['always', 'by default']).exactOptional(),
  isGenerated: z.boolean(),
  /** The expression of a generated column. */
  generation: z.string().exactOptional(),
  /** Whether the default uses a sequence, or the column is an identity. */
  hasSequence: z.boolean(),
});

const ForeignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  references: z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()) }),
  onDelete: z.enum(['no action', 'restrict', 'cascade', 'set null', 'set default']),
  isDeferrable: z.boolean(),
  /** Whether it is INITIALLY DEFERRED: checked at the end of the transaction. */
  isDeferred: z.boolean(),
});

/** An exclusion constraint: for no two rows may all operators be true, each for its key. */
const Exclusion = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  /** One SQL expression per key of the index. */
  keys: z.array(z.string()),
  /** One schema-qualified operator per key. */
  operators: z.array(z.string()),
  /** The predicate of a partial index: only rows for which it is true count. */
  predicate: z.string().exactOptional(),
});

const UniqueKey = z.object({
  name: z.string(),
  /** The columns that are keys themselves. Columns in expressions are in `dependsOn`. */
  columns: z.array(z.string()),
  /** All columns of the keys and of the predicate. */
  dependsOn: z.array(z.string()),
  keys: z.array(z.string()),
  predicate: z.string().exactOptional(),
  isPartial: z.boolean(),
  isNullsNotDistinct: z.boolean(),
  isDeferred: z.boolean(),
});

/** The row of the query for one table. */
export const TableShape = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(Column),
  primaryKey: z.array(z.string()),
  uniqueKeys: z.array(UniqueKey),
  foreignKeys: z.array(ForeignKey),
  /** The CHECKs of the table. */
  checks: z.array(Expression),
  /** The CHECKs of the columns' domains, with the column instead of VALUE. */
  domainChecks: z.array(Expression),
  exclusions: z.array(Exclusion),
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

/** The name of a table with its schema. */
export type TableName = Pick<TableShape, 'schema' | 'name'>;

/** The table's name in messages. */
export const displayName = ({ schema, name }: TableName): string => (schema === 'public' ? name : `${schema}.${name}`);

/** A key that is equal only for the same table. */
export const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name]);
