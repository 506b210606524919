/** Reads column definitions and NOT NULL constraints: whether PostgreSQL must scan or rewrite existing rows. */
import type { AlterTableCmd, ColumnDef, Constraint, Node } from 'libpg-query';

import { addedConstraint, commandsOf, nodeAs, type StatementContext, tableName, textsOf } from './statement-context.ts';

/** The column that a command of ALTER TABLE adds; none for other commands. */
export function addedColumns({ subtype, def }: AlterTableCmd): ColumnDef[] {
  const column = subtype === 'AT_AddColumn' ? nodeAs(def, 'ColumnDef') : undefined;
  return column === undefined ? [] : [column];
}

/** The constraints that a command adds, as table constraints or with a column. */
export function addedConstraints(command: AlterTableCmd): Constraint[] {
  const constraint = addedConstraint(command);
  return constraint === undefined ? addedColumns(command).flatMap(constraintsOf) : [constraint];
}

/** Whether the column is NOT NULL and has no value for existing rows. */
export function needsValue(column: ColumnDef): boolean {
  const kinds = new Set(constraintsOf(column).map(({ contype }) => contype));
  const hasValue = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'] as const;
  const isFilled = isSerial(column) || hasValue.some((kind) => kinds.has(kind));
  return !isFilled && (kinds.has('CONSTR_NOTNULL') || kinds.has('CONSTR_PRIMARY'));
}

/** Whether each row gets a different value, which rewrites the whole table. */
export function isComputedPerRow(column: ColumnDef): boolean {
  return (
    isSerial(column) ||
    constraintsOf(column).some(
      ({ contype, generated_kind: kind, raw_expr: expression }) =>
        contype === 'CONSTR_IDENTITY' ||
        (contype === 'CONSTR_GENERATED' && kind !== 'v') ||
        (contype === 'CONSTR_DEFAULT' && callsVolatile(expression)),
    )
  );
}

/** Whether an added column is null in every existing row: then PostgreSQL scans no row for a foreign key of the column. */
export function isNullInEachRow(column: ColumnDef): boolean {
  return !isComputedPerRow(column) && !constraintsOf(column).some(({ contype }) => contype === 'CONSTR_DEFAULT');
}

/** The columns that a command sets NOT NULL with a scan of every row. */
export function columnsSetNotNull(command: AlterTableCmd): string[] {
  if (command.subtype === 'AT_SetNotNull') return [command.name ?? ''];
  const constraint = addedConstraint(command);
  const isScanned = constraint?.contype === 'CONSTR_NOTNULL' && constraint.skip_validation !== true;
  return isScanned ? textsOf(constraint.keys) : [];
}

/** Whether an earlier statement validated a CHECK (column IS NOT NULL): then SET NOT NULL scans no rows. */
export function isProvedNotNull(column: string, { node, before }: StatementContext): boolean {
  const commands = commandsOn(node, before);
  const validations = commands.filter(({ subtype }) => subtype === 'AT_ValidateConstraint');
  const validated = new Set(validations.map(({ name }) => name));
  return commands.some((command) => {
    const constraint = addedConstraint(command);
    return constraint !== undefined && validated.has(constraint.conname) && forbidsNull(constraint, column);
  });
}

/** Whether the constraint is a CHECK (column IS NOT NULL) that SET NOT NULL has made redundant. */
export function isRedundantNotNullCheck(name: string, { node, before }: StatementContext): boolean {
  const commands = commandsOn(node, [...before, node]);
  const required = commands.flatMap(({ subtype, name: column = '' }) => (subtype === 'AT_SetNotNull' ? [column] : []));
  return commands.some((command) => {
    const constraint = addedConstraint(command);
    return constraint?.conname === name && required.some((column) => forbidsNull(constraint, column));
  });
}

/** The ALTER TABLE commands in `statements` on the table that `node` alters. */
function commandsOn(node: Node, statements: readonly Node[]): AlterTableCmd[] {
  const table = tableName(nodeAs(node, 'AlterTableStmt')?.relation);
  return statements
    .filter((other) => tableName(nodeAs(other, 'AlterTableStmt')?.relation) === table)
    .flatMap(commandsOf);
}

/** Whether the constraint is CHECK (column IS NOT NULL). */
function forbidsNull({ raw_expr: expression }: Constraint, column: string): boolean {
  return columnNotNull(expression) === column;
}

/** The name of the column in the expression `column IS NOT NULL`. Undefined for another expression. */
export function columnNotNull(expression: Node | undefined): string | undefined {
  const test = nodeAs(expression, 'NullTest');
  const field = nodeAs(test?.arg, 'ColumnRef')?.fields?.at(-1);
  return test?.nulltesttype === 'IS_NOT_NULL' ? nodeAs(field, 'String')?.sval : undefined;
}

export function constraintsOf({ constraints = [] }: ColumnDef): Constraint[] {
  return constraints.flatMap((constraint) => nodeAs(constraint, 'Constraint') ?? []);
}

/** Whether the type is serial, bigserial or smallserial, or their other names serial4, serial8 and serial2. */
export function isSerial(column: ColumnDef): boolean {
  return /^(small|big)?serial[248]?$/.test(typeOf(column));
}

/** The type's name without its schema. `char(n)` is `bpchar`. */
export function typeOf({ typeName }: ColumnDef): string {
  return textsOf(typeName?.names).at(-1) ?? '';
}

/** Functions that PostgreSQL evaluates once per statement, and not for each row. */
const STABLE = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'current_setting', 'lower', 'upper']);

/** Whether the expression calls a function that may return another value for each row: any that is not known to be stable. */
function callsVolatile(expression: Node | undefined): boolean {
  let isVolatile = false;
  // The replacer visits every key of the syntax tree. The text is not used.
  JSON.stringify(expression, (key, value: { funcname?: Node[] }) => {
    if (key === 'FuncCall') isVolatile ||= !STABLE.has(nodeAs(value.funcname?.at(-1), 'String')?.sval ?? '');
    return value;
  });
  return isVolatile;
}
