/** A generated schema before it becomes Drizzle tables. It is plain data, which can be printed and reduced. */
import type { ColumnTypeId } from './column-types.ts';

/** SQL text in which `{key}` stands for the column of that key. */
export type Template = string;

export interface SchemaPlan {
  /** Names of PostgreSQL schemas besides `public`. */
  readonly schemas: readonly string[];
  readonly enums: readonly EnumPlan[];
  readonly sequences: readonly SequencePlan[];
  readonly tables: readonly TablePlan[];
  readonly views: readonly ViewPlan[];
}

/** A name in a schema; without `schema`, in `public`. `key` is the name in the code. */
interface Placed {
  readonly key: string;
  readonly name: string;
  readonly schema?: string;
}

export interface EnumPlan extends Placed {
  readonly labels: readonly string[];
}

export interface SequencePlan extends Placed {
  readonly options: Readonly<Record<string, number | boolean>>;
}

export interface TablePlan extends Placed {
  readonly columns: readonly ColumnPlan[];
  /** Keys of the columns of a composite primary key, with the constraint's name where the code gives one. */
  readonly primaryKey?: { readonly columns: readonly string[]; readonly name?: string };
  readonly uniques: readonly UniquePlan[];
  readonly foreignKeys: readonly ForeignKeyPlan[];
  readonly checks: readonly CheckPlan[];
  readonly indexes: readonly IndexPlan[];
  readonly policies: readonly PolicyPlan[];
  readonly isRlsEnabled: boolean;
}

export interface ColumnPlan {
  readonly key: string;
  readonly name: string;
  readonly type: ColumnTypeId;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** The labels of a text column. The database does not know them. */
  readonly labels?: readonly string[];
  /** The key of the enum that is the column's type. */
  readonly enum?: string;
  /** The number of array dimensions. */
  readonly dimensions?: number;
  readonly isNotNull: boolean;
  readonly isPrimaryKey?: boolean;
  readonly unique?: { readonly name?: string; readonly areNullsDistinct: boolean };
  readonly default?: { readonly value: unknown } | { readonly sql: string };
  readonly generated?: { readonly template: Template; readonly isFunction: boolean };
  readonly identity?: { readonly kind: 'always' | 'by default'; readonly options: Readonly<Record<string, unknown>> };
  /** Drizzle sets the column to the time of each update. */
  readonly isTouchedOnUpdate?: boolean;
}

export interface UniquePlan {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly areNullsDistinct: boolean;
}

export type Action = 'cascade' | 'restrict' | 'no action' | 'set null' | 'set default';

export interface ForeignKeyPlan {
  readonly name?: string;
  readonly columns: readonly string[];
  /** The key of the referenced table. */
  readonly table: string;
  readonly foreignColumns: readonly string[];
  readonly onDelete?: Action;
  readonly onUpdate?: Action;
  /** The foreign key is declared at the column, by `.references()`. */
  readonly isInline: boolean;
}

export interface CheckPlan {
  readonly name: string;
  readonly shape: string;
  readonly template: Template;
}

export interface IndexPlan {
  /** The name of the index. Default: drizzle-kit's. */
  readonly name?: string;
  /** One of the kinds in `draw-indexes.ts`. */
  readonly kind: string;
  readonly isUnique: boolean;
  readonly method?: string;
  readonly keys: readonly IndexKeyPlan[];
  readonly where?: Template;
  readonly fillfactor?: number;
}

export type IndexKeyPlan =
  | {
      readonly column: string;
      readonly order?: 'asc' | 'desc';
      readonly nulls?: 'first' | 'last';
      readonly opclass?: string;
    }
  | { readonly expression: Template };

export interface PolicyPlan {
  readonly name: string;
  readonly as?: 'permissive' | 'restrictive';
  readonly for?: 'all' | 'select' | 'insert' | 'update' | 'delete';
  readonly to: readonly string[];
  readonly using?: Template;
  readonly withCheck?: Template;
}

export interface ViewPlan extends Placed {
  /** The key of the table that the view reads. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly where?: Template;
  readonly isMaterialized: boolean;
  /** The view is declared as SQL text with a list of columns, not with the query builder. */
  readonly isManual: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly hasNoData: boolean;
}
