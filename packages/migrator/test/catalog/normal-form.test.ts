/** Tests definitions that PostgreSQL prints differently in different versions. */
import { expect, test } from 'vitest';

import { toOneLine, normalizeViewQuery } from '../../src/catalog/normal-form.ts';

test.each([
  [
    'a query of one table names it before no column',
    ` SELECT todo.id,\n    todo."select"\n   FROM public.todo\n  WHERE (todo.id > 1);`,
    ` SELECT id,\n    "select"\n   FROM public.todo\n  WHERE (id > 1);`,
  ],
  [
    'nor its alias',
    ` SELECT t.id, lower(t.name) AS name FROM ONLY public.todo t GROUP BY t.id HAVING (count(t.*) > 1);`,
    ` SELECT id, lower(name) AS name FROM ONLY public.todo t GROUP BY id HAVING (count(t.*) > 1);`,
  ],
  [
    'a subquery in it names both, in every version',
    ` SELECT a.id FROM public.a WHERE (EXISTS ( SELECT 1 FROM public.b WHERE (b.a_id = a.id)));`,
    ` SELECT id FROM public.a WHERE (EXISTS ( SELECT 1 FROM public.b WHERE (b.a_id = a.id)));`,
  ],
  [
    'a schema of the same name stays before functions, types, operators and tables',
    ` SELECT app.f(app.id) AS f, app.mood::app.mood AS mood, (app.a OPERATOR(app.+) 1) AS b, (app.c COLLATE app.d) AS c, EXTRACT(year FROM app.at) AS y FROM app.app;`,
    ` SELECT app.f(id) AS f, mood::app.mood AS mood, (a OPERATOR(app.+) 1) AS b, (c COLLATE app.d) AS c, EXTRACT(year FROM at) AS y FROM app.app;`,
  ],
  [
    'a quoted name is one',
    ` SELECT "A b".id FROM public."A b" WHERE ("A b".id IS DISTINCT FROM 1);`,
    ` SELECT id FROM public."A b" WHERE (id IS DISTINCT FROM 1);`,
  ],
])('%s', (_, old, recent) => {
  expect(normalizeViewQuery(old)).toBe(normalizeViewQuery(recent));
});

test.each([
  ` SELECT a.id, b.id AS other FROM (public.a JOIN public.b ON ((a.id = b.id)));`,
  ` SELECT a.id FROM public.a UNION SELECT b.id FROM public.b;`,
  ` SELECT a.id FROM public.a, public.b;`,
])('a query over several tables keeps the qualifiers: %s', (query) => {
  expect(normalizeViewQuery(query)).toBe(toOneLine(query).slice(0, -1));
});

test('white space in strings and quoted names is kept', () => {
  expect(toOneLine(`SELECT 'a\n  b' AS "c   d"\n  FROM x`)).toBe(`SELECT 'a\n  b' AS "c   d" FROM x`);
});
