/** Reads the names of objects that statements create, drop, or revoke privileges on. */
import type { DropStmt, FunctionParameter, Node, TypeName } from 'libpg-query';

import { nodeAs, type StatementContext, tableName, textsOf } from './statement-context.ts';

/** Whether an earlier statement of the file creates the object. Then no other session uses it yet. */
export function isCreatedBefore(name: string, { fileBefore }: StatementContext): boolean {
  return fileBefore.some((node) => isSame(name, createdName(node)));
}

/** Whether the same transaction recreates the object. Then no other session sees the database without it. */
function isCreatedAgain(name: string, { fileAfter, isTransactional }: StatementContext): boolean {
  return isTransactional && fileAfter.some((node) => isSame(name, createdName(node)));
}

/** Whether the statement drops an object that other sessions may use, and that the same transaction does not recreate. */
export function dropsObjectInUse(drop: DropStmt, context: StatementContext): boolean {
  return droppedNames(drop).some((name) => !isCreatedBefore(name, context) && !isCreatedAgain(name, context));
}

/** The names of the dropped objects: a policy with its table, a routine with its argument types if they are given. */
export function droppedNames({ objects = [], removeType }: DropStmt): string[] {
  if (removeType !== 'OBJECT_POLICY') return objects.map(objectName);
  return objects.map((object) => {
    const names = textsOf(nodeAs(object, 'List')?.items);
    return `${qualifiedName(names.slice(0, -1))}.${names.at(-1)}`;
  });
}

/** The name with its schema; of a routine also the argument types, such as `public.f(int4)`, if they are given. */
export function objectName(object: Node): string {
  const routine = nodeAs(object, 'ObjectWithArgs');
  if (routine !== undefined) {
    const types = (routine.objargs ?? []).flatMap((type) => nodeAs(type, 'TypeName') ?? []);
    return qualifiedName(textsOf(routine.objname)) + (routine.args_unspecified === true ? '' : signature(types));
  }
  const table = nodeAs(object, 'RangeVar');
  if (table !== undefined) return tableName(table);
  return qualifiedName(textsOf(nodeAs(object, 'List')?.items ?? nodeAs(object, 'TypeName')?.names ?? [object]));
}

/** The name of the object that the statement creates; undefined for other statements. */
function createdName(node: Node): string | undefined {
  const table =
    nodeAs(node, 'CreateStmt')?.relation ??
    nodeAs(node, 'ViewStmt')?.view ??
    nodeAs(node, 'CreateSeqStmt')?.sequence ??
    nodeAs(node, 'CompositeTypeStmt')?.typevar;
  if (table !== undefined) return tableName(table);
  const type =
    nodeAs(node, 'CreateEnumStmt')?.typeName ??
    nodeAs(node, 'CreateRangeStmt')?.typeName ??
    nodeAs(node, 'CreateDomainStmt')?.domainname;
  if (type !== undefined) return qualifiedName(textsOf(type));
  const policy = nodeAs(node, 'CreatePolicyStmt');
  if (policy !== undefined) return `${tableName(policy.table)}.${policy.policy_name}`;
  const schema = nodeAs(node, 'CreateSchemaStmt')?.schemaname;
  if (schema !== undefined) return qualifiedName([schema]);
  const routine = nodeAs(node, 'CreateFunctionStmt');
  if (routine === undefined) return undefined;
  const parameters = (routine.parameters ?? []).flatMap((each) => nodeAs(each, 'FunctionParameter') ?? []);
  return qualifiedName(textsOf(routine.funcname)) + signature(parameters.filter(isInput).map(({ argType }) => argType));
}

/** Whether the names are equal. A routine without argument types matches every routine of that name. */
function isSame(name: string, created: string | undefined): boolean {
  return created === name || created?.startsWith(`${name}(`) === true;
}

function qualifiedName(names: readonly string[]): string {
  return (names.length === 1 ? ['public', ...names] : names).join('.');
}

/** The names of the argument types, such as `(int4,text)`. */
function signature(types: readonly (TypeName | undefined)[]): string {
  return `(${types.map((type) => textsOf(type?.names).at(-1)).join(',')})`;
}

function isInput({ mode }: FunctionParameter): boolean {
  return mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE';
}
