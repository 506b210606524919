import { beforeEach, expect, test } from 'vitest';

import { watchConnection, type ConnectionWatch } from '../src/query-events/connection-watch.ts';

function message(type: string, body = ''): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

const parse = (text: string): Buffer => message('P', `\0${text}\0\0\0`);
const BIND = message('B', '\0\0\0\0\0\0\0\0');
const EXECUTE = message('E', '\0\0\0\0\0');
const SYNC = message('S');
const READY = message('Z', 'I');
const completed = (tag: string): Buffer => message('C', `${tag}\0`);

/** The reported statements, with their rows or SQLSTATE. */
let reported: [string, number | string | null][];
let watch: ConnectionWatch;
beforeEach(() => {
  reported = [];
  watch = startWatch();
  watch.fromServer(READY);
});

/** Watches a connection whose startup packet has been sent. */
function startWatch(): ConnectionWatch {
  const started = watchConnection('tcp', ({ statement, rowCount, error }) =>
    reported.push([statement, error ?? rowCount]),
  );
  started.fromClient(message('', '\0\x03\0\0user\0me\0\0'));
  return started;
}

test('queries that are sent before the end of the login are reported with their own rows', () => {
  watch = startWatch();
  watch.fromClient(Buffer.concat([message('Q', 'select 1\0'), parse('select 2'), BIND, EXECUTE, SYNC]));
  watch.fromServer(Buffer.concat([message('R', '\0\0\0\0'), READY]));
  watch.fromServer(Buffer.concat([completed('SELECT 1'), READY, completed('SELECT 2'), READY]));
  expect(reported).toEqual([
    ['select 1', 1],
    ['select 2', 2],
  ]);
});

test('statements after a failed one of the same pipeline are not reported: PostgreSQL skips them', () => {
  const statements = ['select 1 / 0', 'select 2', 'select 2'].flatMap((text) => [parse(text), BIND, EXECUTE]);
  watch.fromClient(Buffer.concat([...statements, SYNC]));
  watch.fromServer(Buffer.concat([message('1'), message('2'), message('E', 'SERROR\0C22012\0\0'), READY]));
  watch.fromClient(Buffer.concat([parse('select 3'), BIND, EXECUTE, SYNC]));
  watch.fromServer(Buffer.concat([message('1'), message('2'), completed('SELECT 3'), READY]));
  expect(reported).toEqual([
    ['select 1 / 0', '22012'],
    ['select 3', 3],
  ]);
});

test('a Sync that PostgreSQL reads as part of a COPY is dropped, and later statements are reported correctly', () => {
  watch.fromClient(Buffer.concat([parse('copy t from stdin'), BIND, EXECUTE, SYNC]));
  watch.fromServer(Buffer.concat([message('1'), message('2'), message('G', '\0\0\0')]));
  watch.fromClient(Buffer.concat([message('d', '1\n'), message('c'), SYNC]));
  watch.fromServer(Buffer.concat([completed('COPY 1'), READY]));
  watch.fromClient(message('Q', 'select 2\0'));
  watch.fromServer(Buffer.concat([completed('SELECT 2'), READY]));
  expect(reported).toEqual([
    ['copy t from stdin', 1],
    ['select 2', 2],
  ]);
});

test('an empty statement is reported', () => {
  watch.fromClient(Buffer.concat([parse('-- nothing'), BIND, EXECUTE, SYNC]));
  watch.fromServer(Buffer.concat([message('1'), message('2'), message('I'), READY]));
  expect(reported).toEqual([[' ', null]]);
});

test('each Execute of a portal is reported, and a closed portal has no statement', () => {
  watch.fromClient(Buffer.concat([parse('select 1'), BIND, EXECUTE, EXECUTE, message('C', 'P\0'), EXECUTE, SYNC]));
  watch.fromServer(Buffer.concat([message('s'), completed('SELECT 1'), message('3')]));
  watch.fromServer(Buffer.concat([message('E', 'SERROR\0C34000\0\0'), READY]));
  expect(reported).toEqual([
    ['select 1', null],
    ['select 1', 1],
    ['', '34000'],
  ]);
});
