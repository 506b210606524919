/** One statement of a migration as PostgreSQL's parser reads it, with what the rules ask about where it stands. */
import type { AlterTableCmd, Constraint, Node, RangeVar } from 'libpg-query';

export interface Site {
  readonly node: Node;
  /** Whether its file runs in one transaction. */
  readonly isTransactional: boolean;
  /** The statements before it, in its own file. */
  readonly fileBefore: readonly Node[];
  /** The statements of all files before it, and of its own. */
  readonly before: readonly Node[];
}

type NodeKind = Node extends infer N ? (N extends unknown ? keyof N : never) : never;
type NodeOf<K extends NodeKind> = Extract<Node, Record<K, unknown>>[K];

/** The node when it is of that kind. */
export function nodeAs<K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  // The parser's objects have one key, their kind; the type is a union over it, which `in` does not narrow by a variable.
  return (node as Partial<Record<K, NodeOf<K>>> | undefined)?.[kind];
}

/** Whether the table was there before the file: one that the file itself makes is empty, and nobody's yet. */
export function isInUse(table: RangeVar | undefined, { fileBefore }: Site): boolean {
  return !fileBefore.some((node) => nodeAs(node, 'CreateStmt')?.relation?.relname === table?.relname);
}

/** What an ALTER TABLE does to a table that was there before. */
export function changes(site: Site): AlterTableCmd[] {
  const statement = nodeAs(site.node, 'AlterTableStmt');
  return statement !== undefined && isInUse(statement.relation, site) ? commandsOf(site.node) : [];
}

export function commandsOf(node: Node): AlterTableCmd[] {
  const commands = nodeAs(node, 'AlterTableStmt')?.cmds ?? [];
  return commands.flatMap((command) => nodeAs(command, 'AlterTableCmd') ?? []);
}

/** The constraint that a command adds. */
export function addedConstraint({ subtype, def }: AlterTableCmd): Constraint | undefined {
  return subtype === 'AT_AddConstraint' ? nodeAs(def, 'Constraint') : undefined;
}
