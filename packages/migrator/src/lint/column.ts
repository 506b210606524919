/** What an `ADD COLUMN` asks PostgreSQL to write into the rows that are there. */
import type { AlterTableCmd, ColumnDef, Constraint, Node } from 'libpg-query';

import { addedConstraint, nodeAs, type Site } from './site.ts';

export function addedColumn({ subtype, def }: AlterTableCmd): ColumnDef | undefined {
  return subtype === 'AT_AddColumn' ? nodeAs(def, 'ColumnDef') : undefined;
}

/** The constraints that a command adds, by themselves or with a column. */
export function addedConstraints(command: AlterTableCmd): Constraint[] {
  const column = addedColumn(command);
  if (column !== undefined) return constraintsOf(column);
  const constraint = addedConstraint(command);
  return constraint === undefined ? [] : [constraint];
}

/** NOT NULL, and nothing that gives the rows that are there a value. */
export function isRequired(column: ColumnDef): boolean {
  const kinds = new Set(constraintsOf(column).map(({ contype }) => contype));
  const hasValue = ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'] as const;
  const isFilled = isSerial(column) || hasValue.some((kind) => kinds.has(kind));
  return !isFilled && (kinds.has('CONSTR_NOTNULL') || kinds.has('CONSTR_PRIMARY'));
}

/** Whether each row gets a value of its own, for which the whole table is written anew. */
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

/** Whether an earlier statement has proved, by a check that is validated, that the column holds no null. */
export function isProvedNotNull(column: string, { node, before }: Site): boolean {
  const table = nodeAs(node, 'AlterTableStmt')?.relation?.relname;
  const commands = before
    .filter((other) => nodeAs(other, 'AlterTableStmt')?.relation?.relname === table)
    .flatMap((other) => nodeAs(other, 'AlterTableStmt')?.cmds ?? [])
    .flatMap((command) => nodeAs(command, 'AlterTableCmd') ?? []);
  const validated = new Set(
    commands.filter(({ subtype }) => subtype === 'AT_ValidateConstraint').map(({ name }) => name),
  );
  return commands.some(({ def }) => {
    const constraint = nodeAs(def, 'Constraint');
    return constraint !== undefined && validated.has(constraint.conname) && forbidsNull(constraint, column);
  });
}

function forbidsNull({ raw_expr: expression }: Constraint, column: string): boolean {
  const test = nodeAs(expression, 'NullTest');
  const field = nodeAs(test?.arg, 'ColumnRef')?.fields?.at(-1);
  return test?.nulltesttype === 'IS_NOT_NULL' && nodeAs(field, 'String')?.sval === column;
}

function constraintsOf({ constraints = [] }: ColumnDef): Constraint[] {
  return constraints.flatMap((constraint) => nodeAs(constraint, 'Constraint') ?? []);
}

function isSerial({ typeName }: ColumnDef): boolean {
  return /^(small|big)?serial[248]?$/.test(nodeAs(typeName?.names?.at(-1), 'String')?.sval ?? '');
}

/** Evaluated once for the statement, not for each row. */
const STABLE_FUNCTIONS = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'current_setting',
  'lower',
  'upper',
]);

function callsVolatile(expression: Node | undefined): boolean {
  let isVolatile = false;
  JSON.stringify(expression, (key, value: { funcname?: Node[] }) => {
    if (key === 'FuncCall') isVolatile ||= !STABLE_FUNCTIONS.has(nodeAs(value.funcname?.at(-1), 'String')?.sval ?? '');
    return value;
  });
  return isVolatile;
}
