/** The one query that reads a catalog. */
import { NEEDS } from './dependencies-query.ts';
import { OBJECTS } from './objects-query.ts';
import { BELONGINGS, PRIVILEGES } from './privileges-query.ts';
import { ROLES } from './roles-query.ts';
import { SCOPE } from './scope-query.ts';
import { STRUCTURE } from './structure-query.ts';

/** Returns the columns kind, schema, table, name and attributes (JSON text). Any role that can connect may run the query. */
export const factsQuery = `with ${ROLES},
${SCOPE},
${NEEDS},
${BELONGINGS}
select kind, schema, "table", name, attributes::text from (${[...STRUCTURE, ...OBJECTS, ...PRIVILEGES].join('\nunion all')}
) fact`;
