/** Statements that differ in the columns that they name: one for each set of columns. */
import { type Build, type Run, statement } from './statement.ts';

/** As many are kept. Of a table with 30 columns a million sets are possible, and a connection keeps what is prepared on it. */
const VARIANTS_MAX = 64;

/**
 * Gives the statement of a variant. Those that come first are built once, and prepared under `name` if there is one; another one is
 * built each time.
 */
export function statementVariants<Variant, Row>(
  name: string | undefined,
  build: (variant: Variant) => Build<Row>,
): (id: string, variant: Variant) => Run<Row> {
  const kept = new Map<string, Run<Row>>();
  return (id, variant) => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    if (kept.size >= VARIANTS_MAX) return statement(undefined, build(variant));
    const fresh = statement(name, build(variant));
    kept.set(id, fresh);
    return fresh;
  };
}
