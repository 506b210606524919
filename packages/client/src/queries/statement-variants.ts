/** Keeps one statement for each set of columns. */
import { type Build, type Run, statement } from './statement.ts';

/** The most variants to keep. 30 columns have a million possible sets, and a connection keeps every prepared statement. */
const VARIANTS_MAX = 64;

/** Returns the statement of a variant. The first are built once, and prepared under `name` if given; others are built each time. */
export function statementVariants<Variant, Row>(
  name: string | undefined,
  build: (variant: Variant) => Build<Row>,
): (id: string, variant: Variant) => Run<Row> {
  const statements = new Map<string, Run<Row>>();
  return (id, variant) => {
    const existing = statements.get(id);
    if (existing !== undefined) return existing;
    if (statements.size >= VARIANTS_MAX) return statement(undefined, build(variant));
    const created = statement(name, build(variant));
    statements.set(id, created);
    return created;
  };
}
