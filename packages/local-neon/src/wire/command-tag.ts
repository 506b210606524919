/** The tag of CommandComplete: `INSERT 0 5`, `SELECT 5`, `CREATE TABLE`. */
export interface CommandTag {
  /** The first word; "" for an empty statement. */
  readonly command: string;
  /** The count at the end; null for a tag without one. */
  readonly rowCount: number | null;
}

export function parseTag(tag: string): CommandTag {
  const words = tag.split(' ');
  const count = words.at(-1) ?? '';
  return { command: words[0] ?? '', rowCount: /^\d+$/.test(count) ? Number(count) : null };
}
