import { type Check, type Finding, onlyFindings, verdict } from '../../check.ts';
import { isOn } from './boolean-setting.ts';
import { type Survey, survey } from './survey.ts';

export const server: Check = {
  id: 'connect/server',
  title: 'The server is PostgreSQL 15 or later, uses UTF-8, and its clock is right',
  method: 'Reads version, encoding, collation version and clock from the server.',
  why: 'Text is stored, sorted or counted differently than the code expects; times from server and application are not comparable.',
  remedy: "Upgrade the server, or recreate the database with ENCODING 'UTF8'.",
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const facts = await survey(context);
    return verdict(toFindings(facts), `PostgreSQL ${facts.version}`);
  },
};

/** PostgreSQL 15. */
const VERSION_NUMBER_MIN = 150_000;
const SKEW_MS_MAX = 2000;

export function toFindings(facts: Survey): Finding[] {
  const { version, versionNumber, encoding, collationVersion, actualCollationVersion, skewMs } = facts;
  return onlyFindings([
    versionNumber < VERSION_NUMBER_MIN && {
      have: `PostgreSQL ${version}`,
      want: 'PostgreSQL 15 or later',
      why: 'The checks are not tested on this version.',
      fix: 'Upgrade the server; on Neon, create a project with a newer version and move the data there.',
    },
    encoding !== 'UTF8' && {
      have: `server_encoding ${encoding}`,
      want: 'server_encoding UTF8',
      why: 'Some characters cannot be stored, or lengths are counted in bytes.',
      fix: "CREATE DATABASE <name> TEMPLATE template0 ENCODING 'UTF8';",
    },
    collationVersion !== actualCollationVersion && {
      have: `indexes sorted by version ${collationVersion ?? 'none'} of the collation`,
      want: `version ${actualCollationVersion ?? 'none'}, the operating system's`,
      why: 'The sort order may have changed since the indexes were built: lookups may miss rows, and unique indexes may accept duplicates.',
      fix: 'REINDEX DATABASE CONCURRENTLY;\nALTER DATABASE <name> REFRESH COLLATION VERSION;',
      severity: 'warning',
    },
    !hasStandardStrings(facts) && {
      have: 'standard_conforming_strings off',
      want: 'standard_conforming_strings on',
      why: 'A backslash in a string literal is read as an escape, which the code does not expect.',
      fix: 'ALTER DATABASE <name> RESET standard_conforming_strings;\nALTER ROLE <name> RESET standard_conforming_strings;',
    },
    Math.abs(skewMs) > SKEW_MS_MAX && {
      have: `the server's clock is ${Math.abs(skewMs / 1000).toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} the clock of this machine`,
      want: 'a difference of less than 2 s',
      why: 'Times from the server and from the application are not comparable.',
      fix: 'Synchronize the clocks of this machine and of the server with NTP. (Neon synchronizes its servers.)',
      severity: 'warning',
    },
  ]);
}

/** Whether standard_conforming_strings is on, in this session and in the sessions of the application. */
function hasStandardStrings({ conformingStrings, roleSettings }: Survey): boolean {
  const settings = roleSettings.filter(({ name }) => name === 'standard_conforming_strings');
  return conformingStrings === 'on' && settings.every(({ value }) => isOn(value));
}
