/** Checks row security and privileges as the code defines them. The checks `schema/*` compare the database with the code. */
import { z } from 'zod';

import { once } from '../../ask-once.ts';
import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { jsonText } from '../../json-text.ts';
import { ownSql } from '../../own-sql.ts';
import { routinePlaces } from '../../source-places.ts';
import { defaultPrivileges } from './default-privileges.ts';
import { definerPublic } from './definer-public.ts';
import { definerSearchPath } from './definer-search-path.ts';
import { extension } from './extension.ts';
import { publicGrant } from './public-grant.ts';
import type { Judgement, Question } from './question.ts';
import { rlsBypass } from './rls-bypass.ts';
import { rlsDisabled } from './rls-disabled.ts';
import { rlsOwner } from './rls-owner.ts';
import { rlsSetting } from './rls-setting.ts';
import { rlsView } from './rls-view.ts';
import { TABLES } from './scope.ts';

const QUESTIONS: readonly Question[] = [
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

export const securityChecks: readonly Check[] = QUESTIONS.map(toCheck);

function toCheck(question: Question): Check {
  const { rows: _, judge, ...page } = question;
  return {
    ...page,
    mode: 'reads',
    run: async (context) => {
      const rows = (await answers(context))[page.id] ?? [];
      const judgements = rows.map(judge).filter((judgement) => judgement !== undefined);
      return verdict(await withPlaces(judgements, context));
    },
  };
}

/** Adds the source places of routines. Other findings get their place from their subject. */
async function withPlaces(judgements: readonly Judgement[], { database }: Context): Promise<Finding[]> {
  if (judgements.every(({ routine }) => routine === undefined)) return [...judgements];
  const placesOf = await routinePlaces(database);
  return judgements.map(({ routine, ...finding }) =>
    routine === undefined ? finding : { ...finding, places: placesOf(routine) },
  );
}

/** The rows of each question, by its id. The query runs once per run. */
function answers(context: Context): Promise<Readonly<Record<string, readonly unknown[]>>> {
  return once(context, QUESTIONS, async () => {
    const { rows } = await context.read((session) => ownSql(session.query(QUERY)));
    return Answer.parse(rows[0]);
  });
}

const Answer = z.record(z.string(), jsonText(z.array(z.unknown())));

const QUERY = `with recursive ${TABLES}
select ${QUESTIONS.map(({ id, rows }) => `(select coalesce(json_agg(q), '[]') from (${rows}) q)::text as "${id}"`).join(',\n')}`;
