/** A value that a validator accepts comes back unchanged over HTTP and over WebSocket, for every kind of column. */
import { isDeepStrictEqual } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from '../../src/index.ts';
import { answerOf, isCarried } from './agreement.ts';
import { createKinds, type Kind, KINDS, kinds } from './kinds.ts';
import { valuesOf } from './values.ts';

const { url } = await testBranch();
await createKinds(url);
const http = connectHttp({ schema: { kinds } }, url);
const webSocket = connectWebSocket({ schema: { kinds } }, url);
afterAll(() => webSocket.close());

describe.each(['HTTP', 'WebSocket'])('over %s', (transport) => {
  const insert = async (kind: Kind, value: unknown): Promise<unknown> => {
    const row = { [kind]: value };
    const [stored] =
      transport === 'HTTP'
        ? await http.insert(kinds).values(row).returning()
        : await webSocket.insert(kinds).values(row).returning();
    return stored?.[kind];
  };
  const comesBack = async (kind: Kind, value: unknown) => {
    const stored = await insert(kind, value).catch(() => REFUSED);
    return isDeepStrictEqual(stored, value);
  };

  test.each(KINDS)('%s: a value is accepted if and only if it is returned unchanged', async (kind) => {
    const values = fc.sample(valuesOf(kind), 4).filter((value) => isCarried(kind, value));
    for (const value of values) {
      const answer = answerOf(kind, value);
      const isAccepted = 'output' in answer;
      const isKept = await comesBack(kind, isAccepted ? answer.output : value);
      expect({ value, isKept }).toEqual({ value, isKept: isAccepted });
    }
  });
});

const REFUSED = Symbol('refused');
