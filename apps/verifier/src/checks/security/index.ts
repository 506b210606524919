/** Checks row security and privileges as the code defines them. The checks `schema/*` compare the database with the code. */
import { z } from 'zod';

import { queryOnce } from '../../query-once.ts';
import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { jsonText } from '../../json-text.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { loadRoutinePlaces } from '../../source-places.ts';
import { defaultPrivileges } from './default-privileges.ts';
import { definerPublic } from './definer-public.ts';
import { definerSearchPath } from './definer-search-path.ts';
import { extension } from './extension.ts';
import { publicGrant } from './public-grant.ts';
import type { RoutineFinding, CatalogCheck } from './catalog-check.ts';
import { rlsBypass } from './rls-bypass.ts';
import { rlsDisabled } from './rls-disabled.ts';
import { rlsOwner } from './rls-owner.ts';
import { rlsSetting } from './rls-setting.ts';
import { rlsView } from './rls-view.ts';
import { TABLES } from './scope.ts';

const CATALOG_CHECKS: readonly CatalogCheck[] = [
  rlsDisabled,
  rlsOwner,
  rlsBypass,
  rlsView,
  rlsSetting,
  definerSearchPath,
  definerPublic,
  publicGrant,
  defaultPrivileges,
  extension,
];

export const securityChecks: readonly Check[] = CATALOG_CHECKS.map(toCheck);

function toCheck(catalogCheck: CatalogCheck): Check {
  const { rows: _, toFinding, ...page } = catalogCheck;
  return {
    ...page,
    mode: 'reads',
    run: async (context) => {
      const rows = (await queryRows(context))[page.id] ?? [];
      const findings = rows.map(toFinding).filter((finding) => finding !== undefined);
      return verdict(await addRoutinePlaces(findings, context));
    },
  };
}

/** Adds the source places of routines. Other findings get their place from their subject. */
async function addRoutinePlaces(findings: readonly RoutineFinding[], { database }: Context): Promise<Finding[]> {
  if (findings.every(({ routine }) => routine === undefined)) return [...findings];
  const placesOf = await loadRoutinePlaces(database);
  return findings.map(({ routine, ...finding }) =>
    routine === undefined ? finding : { ...finding, places: placesOf(routine) },
  );
}

/** Queries the rows of each check, by its id. The query runs once per run. */
function queryRows(context: Context): Promise<Readonly<Record<string, readonly unknown[]>>> {
  return queryOnce(context, CATALOG_CHECKS, async () => {
    const { rows } = await context.read((session) => runVerifierSql(session.query(QUERY)));
    return RowsById.parse(rows[0]);
  });
}

const RowsById = z.record(z.string(), jsonText(z.array(z.unknown())));

const QUERY = `with recursive ${TABLES}
select ${CATALOG_CHECKS.map(({ id, rows }) => `(select coalesce(json_agg(q), '[]') from (${rows}) q)::text as "${id}"`).join(',\n')}`;
