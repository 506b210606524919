/** Keeps one statement for each set of columns. */
import { type Build, type Run, statement } from './statement.ts';

/**
 * Maximum number of variants to keep. A table with 30 columns has a million possible sets, and a connection keeps every prepared statement.
 */
const VARIANTS_MAX = 64;

/**
 * Returns the statement of a variant. The first variants are built once, and prepared under `name` if there is one; each further variant is
 * built every time.
 */
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
