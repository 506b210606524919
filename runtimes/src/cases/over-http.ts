/** Cases over HTTP. */
import { connectHttp, type HttpDatabase } from '@todo/client';
import { inArray, sql } from 'drizzle-orm';

import type { CaseContext } from './case.js';
import { expectEqual, expectRejection } from './expect.js';
import { app, newName, note } from './note.js';
import { cutWhileRunning, expectStoredRow, expectTypedErrors } from './over-both.js';

export async function httpQuery({ url }: CaseContext): Promise<void> {
  await expectStoredRow(connectHttp(app, url));
}

export async function batch({ url }: CaseContext): Promise<void> {
  const db = connectHttp(app, url);
  const names = [newName(), newName()];
  const [first, second] = names.map((name) => db.insert(note).values({ name }));
  const countNotes = () => db.$count(note, inArray(note.name, names));
  const duplicate = db.insert(note).values({ name: names[0]! });
  await expectRejection(db.batch([first!, duplicate]), ['unique-violation']);
  expectEqual(await countNotes(), 0);
  await db.batch([first!, second!]);
  expectEqual(await countNotes(), 2);
}

export async function httpTypedErrors({ url }: CaseContext): Promise<void> {
  await expectTypedErrors(connectHttp(app, url));
}

/** A server that cannot be reached, then a write and a read whose connection is cut. Only the read is repeated. */
export async function httpLostConnection({ relayUrl, closedUrl, cutUrl }: CaseContext): Promise<void> {
  await expectRejection(connectHttp(app, closedUrl).$count(note), ['connection']);
  const db = connectHttp(app, relayUrl);
  const name = newName();
  const write = db.execute(sql`insert into note (name) select ${name} from pg_sleep(10)`);
  await Promise.all([expectRejection(write, ['unknown-outcome']), cutWhileRunning(cutUrl)]);
  const read = db.execute(sql`select 1 as one from pg_sleep(0.4)`);
  const [{ rows }] = await Promise.all([read, cutWhileRunning(cutUrl)]);
  expectEqual(rows, [{ one: 1 }]);
}

/** The client that every request to this server uses. */
let kept: HttpDatabase | undefined;

export async function httpKeptClient({ url }: CaseContext): Promise<void> {
  kept ??= connectHttp(app, url);
  expectEqual((await kept.execute(sql`select 1 as one`)).rows, [{ one: 1 }]);
}
