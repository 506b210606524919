import { expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { type QueryResult, TRANSPORTS } from './connect.ts';

const branch = await testBranch();
const { password } = new URL(branch.url);
const { websocket, tcp } = TRANSPORTS;

type Connect = (typeof TRANSPORTS)[keyof typeof TRANSPORTS];

async function askWith(
  connect: Connect,
  change: (url: URL) => void,
  text = 'select 1 as n',
): Promise<QueryResult['rows']> {
  const url = new URL(branch.url);
  change(url);
  const connection = await connect(url.href);
  try {
    return (await connection.query(text)).rows;
  } finally {
    await connection.close();
  }
}

test.each(Object.entries(TRANSPORTS))('an endpoint in the options is removed: %s', async (_, connect) => {
  for (const options of ['endpoint=ep-cool-tree-123456', 'project=mine', 'neon_proxy_params_compat:true']) {
    expect(await askWith(connect, (url) => url.searchParams.set('options', options))).toEqual([{ n: 1 }]);
  }
});

test.each(Object.entries({ websocket, tcp }))(
  'PostgreSQL receives all other options unchanged: %s',
  async (_, connect) => {
    const options = String.raw`-c app.one=a\ é\\  endpoint=ep-1 -capp.two=endpoint=2 -c app.three=\ project=3`;
    const text = `select current_setting('app.one') as one, current_setting('app.two') as two, current_setting('app.three') as three`;
    const rows = await askWith(connect, (url) => url.searchParams.set('options', options), text);
    expect(rows).toEqual([{ one: String.raw`a é` + '\\', two: 'endpoint=2', three: ' project=3' }]);
  },
);

test('an unknown option is refused by PostgreSQL, with its name', async () => {
  const refused = askWith(tcp, (url) => url.searchParams.set('options', 'endpoint=ep-1 neon_lsn:0/2'));
  await expect(refused).rejects.toThrow('invalid command-line argument for server process: neon_lsn:0/2');
});

test.each(Object.entries({ websocket, tcp }))('an endpoint before the password is removed: %s', async (_, connect) => {
  const withPassword = (text: string) => askWith(connect, (url) => (url.password = encodeURIComponent(text)));
  for (const text of [`endpoint=ep-1;${password}`, `project=mine$${password}`]) {
    expect(await withPassword(text)).toEqual([{ n: 1 }]);
  }
  await expect(withPassword(`endpoint=ep-1;${password};`)).rejects.toMatchObject({ code: '28P01' });
  await expect(withPassword(`other=ep-1;${password}`)).rejects.toMatchObject({ code: '28P01' });
});

test('an endpoint before the password is kept when the options name one', async () => {
  const both = askWith(tcp, (url) => {
    url.searchParams.set('options', 'endpoint=ep-1');
    url.password = encodeURIComponent(`endpoint=ep-1;${password}`);
  });
  await expect(both).rejects.toMatchObject({ code: '28P01' });
});
