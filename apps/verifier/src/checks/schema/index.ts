/** The schema checks: one for each entry of `GUARANTEES`. They share one comparison. */
import { type Check, type Context, type Outcome, verdict } from '../../check.ts';
import { checkIdOf } from './classify.ts';
import { type Guarantee, GUARANTEES, type SchemaId } from './guarantees.ts';
import { toFinding } from './to-finding.ts';
import { unfinishedDifferences } from './unfinished-differences.ts';

// The type of `Object.entries` has strings as keys. `GUARANTEES` has only ids as keys.
const rows = Object.entries(GUARANTEES) as [SchemaId, Guarantee][];

export const schemaChecks: readonly Check[] = rows.map(toCheck);

function toCheck([id, guarantee]: [SchemaId, Guarantee]): Check {
  return {
    id,
    ...guarantee,
    method: 'Compares the live catalog with that of an empty database on this machine after all migrations.',
    mode: 'reads',
    run: (context) => runSchemaCheck(id, context),
  };
}

async function runSchemaCheck(id: SchemaId, { compareSchema }: Context): Promise<Outcome> {
  const comparison = await compareSchema();
  const differences = [...comparison.differences, ...unfinishedDifferences(comparison)];
  const ofThisCheck = differences.filter((difference) => checkIdOf(difference, comparison) === id);
  return verdict(ofThisCheck.map((difference) => toFinding(difference, comparison)));
}
