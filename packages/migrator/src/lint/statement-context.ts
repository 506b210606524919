/** One statement of a migration as PostgreSQL's parser returns it, with the statements around it. */
import type { AlterTableCmd, Constraint, Node, RangeVar } from 'libpg-query';

export interface StatementContext {
  readonly node: Node;
  /** Whether the file of the statement runs in one transaction. */
  readonly isTransactional: boolean;
  /** Whether the file of the statement is the first of the folder. */
  readonly isFirstFile: boolean;
  /** The earlier statements of the same file. */
  readonly fileBefore: readonly Node[];
  /** The later statements of the same file. */
  readonly fileAfter: readonly Node[];
  /** The earlier statements of all files. */
  readonly before: readonly Node[];
  /** The statements of all later files. */
  readonly later: readonly Node[];
}

type NodeKind = Node extends infer N ? (N extends unknown ? keyof N : never) : never;
type NodeOf<K extends NodeKind> = Extract<Node, Record<K, unknown>>[K];

/** Returns the node if it is of that kind. */
export function nodeAs<K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  // The parser's objects have one key, their kind; the type is a union over it, which `in` does not narrow by a variable.
  return (node as Partial<Record<K, NodeOf<K>>> | undefined)?.[kind];
}

/** The name with its schema. Migrations are written for the default `search_path`. */
export function tableName(table: RangeVar | undefined): string {
  return `${table?.schemaname ?? 'public'}.${table?.relname ?? ''}`;
}

/** Whether the table existed before the file. A table that the file creates is empty and not in use. */
export function isInUse(table: RangeVar | undefined, { fileBefore }: StatementContext): boolean {
  return !fileBefore.some((node) => {
    const created = nodeAs(node, 'CreateStmt');
    return created !== undefined && tableName(created.relation) === tableName(table);
  });
}

/** The commands of an ALTER TABLE on a table that existed before the file. */
export function commandsInUse(context: StatementContext): AlterTableCmd[] {
  const statement = nodeAs(context.node, 'AlterTableStmt');
  return statement !== undefined && isInUse(statement.relation, context) ? commandsOf(context.node) : [];
}

export function commandsOf(node: Node): AlterTableCmd[] {
  const commands = nodeAs(node, 'AlterTableStmt')?.cmds ?? [];
  return commands.flatMap((command) => nodeAs(command, 'AlterTableCmd') ?? []);
}

export function addedConstraint({ subtype, def }: AlterTableCmd): Constraint | undefined {
  return subtype === 'AT_AddConstraint' ? nodeAs(def, 'Constraint') : undefined;
}

/** The text of each name in a list. */
export function textsOf(names: readonly Node[] = []): string[] {
  return names.flatMap((name) => nodeAs(name, 'String')?.sval ?? []);
}
