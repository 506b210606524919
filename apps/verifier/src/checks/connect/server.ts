import type { Session } from '@todo/db';

import { type Check, type Finding, verdict } from '../../check.ts';

export const server: Check = {
  id: 'connect/server',
  title: 'The server is PostgreSQL 15 or later, speaks UTF-8 and knows what time it is',
  method: 'Version, encoding and clock, as the server tells them.',
  why: 'Text is stored or counted in another way than the code expects; times do not sort together.',
  remedy: "Upgrade the server, or make the database anew with ENCODING 'UTF8'.",
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: ({ read }) =>
    read(async (session) => {
      const facts = await ask(session);
      return verdict(judge(facts), `PostgreSQL ${facts.version}`);
    }),
};

export interface ServerFacts {
  readonly version: string;
  readonly versionNumber: number;
  readonly encoding: string;
  readonly conformingStrings: string;
  /** How far the server's clock is ahead of ours, beyond what the round trip explains. */
  readonly skewMs: number;
}

async function ask(session: Session): Promise<ServerFacts> {
  const sentAt = Date.now();
  const { rows } = await session.query(`select current_setting('server_version') as version,
    current_setting('server_version_num') as "versionNumber", current_setting('server_encoding') as encoding,
    current_setting('standard_conforming_strings') as "conformingStrings",
    (extract(epoch from clock_timestamp()) * 1000)::text as "nowMs"`);
  const receivedAt = Date.now();
  const { version, versionNumber, encoding, conformingStrings, nowMs } = rows[0] ?? {};
  return {
    version: String(version),
    versionNumber: Number(versionNumber),
    encoding: String(encoding),
    conformingStrings: String(conformingStrings),
    skewMs: outside(Number(nowMs), sentAt, receivedAt),
  };
}

function outside(value: number, from: number, to: number): number {
  return value < from ? value - from : Math.max(0, value - to);
}

export function judge({ version, versionNumber, encoding, conformingStrings, skewMs }: ServerFacts): Finding[] {
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
      fix: "CREATE DATABASE todo TEMPLATE template0 ENCODING 'UTF8';",
    },
    conformingStrings !== 'on' && {
      have: `standard_conforming_strings ${conformingStrings}`,
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
