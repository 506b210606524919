/** Extracts the code of the README, to run it unchanged. */
import { readFile } from 'node:fs/promises';

const README = new URL('../README.md', import.meta.url);

/** The TypeScript blocks below a heading, up to the next heading. */
export async function readmeCode(heading: string): Promise<string[]> {
  const text = await readFile(README, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/**
 * All that "From your code" shows of the driver, Drizzle and Kysely, and a query through each: it prints [1, 2, 3, 4].
 */
export async function everyClient(): Promise<string> {
  const blocks = await readmeCode('From your code');
  return `${blocks.filter((code) => !code.includes('prisma')).join('')}
    const [two] = (await db.execute('select 2 as n')).rows;
    const [three] = await sessions.transaction(async (tx) => (await tx.execute('select 3 as n')).rows);
    const [four] = await kysely.selectNoFrom(({ lit }) => lit(4).as('n')).execute();
    console.log(JSON.stringify([...rows, two, three, four].map(({ n }) => n)));
    await sessions.$client.end();
    await kysely.destroy();`;
}
