import { type Check, type Finding, verdict } from '../../check.ts';
import { isOn } from './boolean-setting.ts';
import { type Survey, survey } from './survey.ts';

export const server: Check = {
  id: 'connect/server',
  title: 'The server is PostgreSQL 15 or later, speaks UTF-8 and knows what time it is',
  method: 'Version, encoding, collation version and clock, as the server tells them.',
  why: 'Text is stored, sorted or counted in another way than the code expects; times do not sort together.',
  remedy: "Upgrade the server, or make the database anew with ENCODING 'UTF8'.",
  severity: 'error',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const facts = await survey(context);
    return verdict(judge(facts), `PostgreSQL ${facts.version}`);
  },
};

export type ServerFacts = Pick<
  Survey,
  | 'version'
  | 'versionNumber'
  | 'encoding'
  | 'collationVersion'
  | 'actualCollationVersion'
  | 'conformingStrings'
  | 'roleSettings'
  | 'skewMs'
>;

export function judge(facts: ServerFacts): Finding[] {
  const { version, versionNumber, encoding, collationVersion, actualCollationVersion, skewMs } = facts;
  const findings: (Finding | false)[] = [
    versionNumber < 150_000 && {
      have: `PostgreSQL ${version}`,
      want: 'PostgreSQL 15 or later',
      why: 'Nothing here is tested on it.',
      fix: 'Upgrade the server; on Neon, make a project with a newer version and move the data there.',
    },
    encoding !== 'UTF8' && {
      have: `server_encoding ${encoding}`,
      want: 'server_encoding UTF8',
      why: 'Text that people write cannot be stored, or is counted in bytes.',
      fix: "CREATE DATABASE <name> TEMPLATE template0 ENCODING 'UTF8';",
    },
    collationVersion !== actualCollationVersion && {
      have: `indexes sorted by version ${collationVersion ?? 'none'} of the collation`,
      want: `version ${actualCollationVersion ?? 'none'}, the operating system's`,
      why: 'The order of text changed under the indexes: lookups miss rows, and unique indexes let duplicates in.',
      fix: 'REINDEX DATABASE CONCURRENTLY;\nALTER DATABASE <name> REFRESH COLLATION VERSION;',
      severity: 'warning',
    },
    !isConforming(facts) && {
      have: 'standard_conforming_strings off',
      want: 'standard_conforming_strings on',
      why: 'A backslash in a string means something else than the code that writes SQL believes.',
      fix: 'ALTER DATABASE <name> RESET standard_conforming_strings;\nALTER ROLE <name> RESET standard_conforming_strings;',
    },
    Math.abs(skewMs) > 2000 && {
      have: `the server's clock is ${Math.abs(skewMs / 1000).toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`,
      want: 'less than 2 s',
      why: 'Times from the server and from the application do not sort together.',
      fix: 'Let NTP set the clock of this machine.',
      severity: 'warning',
    },
  ];
  return findings.filter((finding) => finding !== false);
}

/** For this session, and for the application's. */
function isConforming({ conformingStrings, roleSettings }: ServerFacts): boolean {
  const set = roleSettings.filter(({ name }) => name === 'standard_conforming_strings');
  return conformingStrings === 'on' && set.every(({ value }) => isOn(value));
}
