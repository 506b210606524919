import { askOnce } from '../../ask-once.ts';
import { type Check, type Finding, verdict } from '../../check.ts';
import { type RoleSetting, survey } from './survey.ts';
import { meaningOf } from './setting-meanings.ts';

export const sessionSettings: Check = {
  id: 'connect/session-settings',
  title: 'Nothing in the database rewires sessions',
  method:
    'Settings that the database, this role or the owner of the tables gives to each session (pg_db_role_setting).',
  why: 'The same code behaves in another way here than on every other database, and nothing in it says why.',
  remedy: 'ALTER DATABASE … RESET …;',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => verdict((await askOnce(context, survey)).roleSettings.flatMap(judge)),
};

function judge({ scope, name, value }: RoleSetting): Finding[] {
  const meaning = meaningOf(name, value);
  if (meaning === undefined) return [];
  const { severity, why, follows } = meaning;
  return [
    {
      have: `${name} = ${value} for ${scope}`,
      want: `${name} as the server has it`,
      fix: `ALTER ${scope} RESET ${name};`,
      severity,
      ...(why !== undefined && { why }),
      ...(follows !== undefined && { follows: [follows] }),
    },
  ];
}
