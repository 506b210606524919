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

/** Statements with their rows or SQLSTATE, as they are told. */
let told: [string, number | string | null][];
let wire: ConnectionWatch;
beforeEach(() => {
  told = [];
  wire = watchConnection('tcp', ({ statement, rowCount, error }) => told.push([statement, error ?? rowCount]));
  wire.fromClient(message('', '\0\x03\0\0user\0me\0\0'));
  wire.fromServer(READY);
});

test('of statements sent at once, what follows a failed one is not told: it does not run', () => {
  const statements = ['select 1 / 0', 'select 2', 'select 2'].flatMap((text) => [parse(text), BIND, EXECUTE]);
  wire.fromClient(Buffer.concat([...statements, SYNC]));
  wire.fromServer(Buffer.concat([message('1'), message('2'), message('E', 'SERROR\0C22012\0\0'), READY]));
  wire.fromClient(Buffer.concat([parse('select 3'), BIND, EXECUTE, SYNC]));
  wire.fromServer(Buffer.concat([message('1'), message('2'), completed('SELECT 3'), READY]));
  expect(told).toEqual([
    ['select 1 / 0', '22012'],
    ['select 3', 3],
  ]);
});

test('a Sync that PostgreSQL reads as part of a COPY, and never answers, does not confuse what follows', () => {
  wire.fromClient(Buffer.concat([parse('copy t from stdin'), BIND, EXECUTE, SYNC]));
  wire.fromServer(Buffer.concat([message('1'), message('2'), message('G', '\0\0\0')]));
  wire.fromClient(Buffer.concat([message('d', '1\n'), message('c'), SYNC]));
  wire.fromServer(Buffer.concat([completed('COPY 1'), READY]));
  wire.fromClient(message('Q', 'select 2\0'));
  wire.fromServer(Buffer.concat([completed('SELECT 2'), READY]));
  expect(told).toEqual([
    ['copy t from stdin', 1],
    ['select 2', 2],
  ]);
});

test('a statement with nothing in it is told, too', () => {
  wire.fromClient(Buffer.concat([parse('-- nothing'), BIND, EXECUTE, SYNC]));
  wire.fromServer(Buffer.concat([message('1'), message('2'), message('I'), READY]));
  expect(told).toEqual([[' ', null]]);
});

test('a portal that is read piece by piece is told piece by piece, and one that is closed is forgotten', () => {
  wire.fromClient(Buffer.concat([parse('select 1'), BIND, EXECUTE, EXECUTE, message('C', 'P\0'), EXECUTE, SYNC]));
  wire.fromServer(Buffer.concat([message('s'), completed('SELECT 1'), message('3')]));
  wire.fromServer(Buffer.concat([message('E', 'SERROR\0C34000\0\0'), READY]));
  expect(told).toEqual([
    ['select 1', null],
    ['select 1', 1],
    ['', '34000'],
  ]);
});
