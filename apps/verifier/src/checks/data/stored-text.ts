/** Converts PostgreSQL's text of a value to the value that Drizzle gives to the application. */
import { type Column, is } from 'drizzle-orm';
import { PgArray, PgCustomColumn } from 'drizzle-orm/pg-core';

export function parseStoredText(column: Column, text: string | null): unknown {
  if (text === null) return null;
  if (is(column, PgArray)) {
    const mapped: unknown = column.mapFromDriverValue(text);
    return mapElements(mapped, column.baseColumn);
  }
  return column.mapFromDriverValue(driverValue(column, text));
}

/** Drizzle parses the text of an array, but leaves the elements as the driver gives them. */
function mapElements(value: unknown, element: Column): unknown {
  if (!Array.isArray(value)) return typeof value === 'string' && element.dataType === 'boolean' ? isTrue(value) : value;
  return value.map((item) => mapElements(item, is(element, PgArray) ? element.baseColumn : element));
}

/** The value that the driver returns for the text, before Drizzle maps it. */
function driverValue(column: Column, text: string): unknown {
  if (column.dataType === 'boolean') return isTrue(text);
  // Drizzle's other number modes read the text, which has more digits.
  if (column.dataType === 'number') return Number(text);
  if (/^PgJsonb?$/.test(column.columnType)) return JSON.parse(text);
  if (is(column, PgCustomColumn) && text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex');
  return text;
}

function isTrue(text: string): boolean {
  return text === 't' || text === 'true';
}
