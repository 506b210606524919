/** Finds statements that are not safe to run on a database in use, before they run there. */
import { type Node, parse } from 'libpg-query';

import type { Migration } from '../folder.ts';
import type { Statement } from '../migration-file.ts';
import { RULES } from './rules.ts';
import type { Site } from './site.ts';

export interface Finding {
  readonly name: string;
  readonly line: number;
  readonly rule: string;
  readonly why: string;
  readonly instead: string;
}

/**
 * Reads the migrations in their order, with PostgreSQL's own parser, and judges those that are pending. A comment
 * `-- allow <rule>: <reason>` above a statement lets it pass.
 * @throws when a statement is not SQL.
 */
export async function lintMigrations(
  migrations: readonly Required<Migration>[],
  isPending: (name: string) => boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const before: Node[] = [];
  for (const { name, file } of migrations) {
    const fileBefore: Node[] = [];
    for (const statement of file.statements) {
      for (const { node, line, allowed } of await readStatement(statement)) {
        const site: Site = { node, isTransactional: file.isTransactional, fileBefore, before };
        const rules = isPending(name) ? RULES.filter((rule) => !allowed.has(rule.name) && rule.matches(site)) : [];
        findings.push(...rules.map(({ name: rule, why, instead }) => ({ name, line, rule, why, instead })));
        fileBefore.push(node);
        before.push(node);
      }
    }
  }
  return findings;
}

interface ParsedStatement {
  readonly node: Node;
  readonly line: number;
  readonly allowed: ReadonlySet<string>;
}

/** What stands between two breakpoints may be several statements. */
async function readStatement({ text, line, comments }: Statement): Promise<ParsedStatement[]> {
  const { stmts = [] } = await parse(text);
  // The parser counts bytes, and leaves it to its version whether the comments above belong to a statement.
  const bytes = Buffer.from(text);
  const found: ParsedStatement[] = [];
  let end = 0;
  for (const { stmt: node, stmt_location: start = 0, stmt_len: length = bytes.length - start } of stmts) {
    const between = bytes.toString('utf8', end, start + length);
    const [above = ''] = /^(?:[\s;]|--.*(?:\n|$))*/.exec(between) ?? [];
    const preceding = bytes.toString('utf8', 0, end) + above;
    const allowed = new Set(allowedIn(end === 0 ? comments : above));
    if (node !== undefined) found.push({ node, line: line + preceding.split('\n').length - 1, allowed });
    end = start + length;
  }
  return found;
}

function allowedIn(comments: string): string[] {
  return [...comments.matchAll(/^\s*--\s*allow\s+([a-z-]+):\s*\S/gm)].map(([, rule = '']) => rule);
}
