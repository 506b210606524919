/** Names of the schema `public` as SQL spells them, whatever they are. */
export const alter = (table: string): string => `ALTER TABLE ${qualified(table)}`;

export const qualified = (...names: string[]): string => ['public', ...names.map(quoted)].join('.');

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
