import { DatabaseUrlError, parseConnectionUrl } from '@todo/client/connection-url';

import { type Check, type Finding, verdict } from '../../check.ts';

export const url: Check = {
  id: 'env/url',
  title: 'The connection string is set and well formed',
  method: 'Parses the string as the clients do; opens no connection.',
  why: 'No client can connect.',
  remedy: 'Copy the connection string from the Neon console, without `psql` and quotes; percent-encode the password.',
  mode: 'local',
  run: async ({ url: connectionString, source }) => verdict(findFaults(connectionString, source), `from ${source}`),
};

function findFaults(connectionString: string, source: string): Finding[] {
  if (PLACEHOLDER.test(connectionString)) return [toFinding(`${source} still holds a placeholder`)];
  try {
    parseConnectionUrl(connectionString, source);
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    return [toFinding(error.message)];
  }
}

/** Placeholders in manuals and example files. */
const PLACEHOLDER = /<[^>]*>|USER:PASSWORD@|@HOST[/:]|@ep-xx/;

function toFinding(have: string): Finding {
  return { have, want: 'postgresql://USER:PASSWORD@HOST/DATABASE' };
}
