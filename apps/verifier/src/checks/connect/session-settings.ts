import { type Check, type Finding, verdict } from '../../check.ts';
import { isOff, isOn } from './boolean-setting.ts';
import { meaningOf } from './setting-meanings.ts';
import { type RoleSetting, survey } from './survey.ts';

export const sessionSettings: Check = {
  id: 'connect/session-settings',
  title: 'No role or database setting overrides session defaults',
  method: 'Reads the settings of the database, this role and the table owner from pg_db_role_setting.',
  why: 'The same code behaves differently on this database, and the code does not show why.',
  remedy: 'ALTER DATABASE … RESET …;',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const { roleSettings, serverSettings } = await survey(context);
    return verdict([...roleSettings, ...serverSettings].flatMap(toFindings));
  },
};

function toFindings({ scope, name, value, usual }: RoleSetting): Finding[] {
  const meaning = isDefault(value, usual) ? undefined : meaningOf(name, value);
  if (meaning === undefined) return [];
  return [
    {
      have: `${name} = ${value} for ${scope === 'SYSTEM' ? 'the whole server' : scope}`,
      want: `the default of ${name}`,
      fix: `ALTER ${scope} RESET ${name};${scope === 'SYSTEM' ? '\nSELECT pg_reload_conf();' : ''}`,
      ...meaning,
    },
  ];
}

/** Whether the value is PostgreSQL's default. */
function isDefault(value: string, usual: string | null): boolean {
  switch (usual) {
    case null:
      return false;
    case 'on':
      return isOn(value);
    case 'off':
      return isOff(value);
    default:
      return normalizeValue(value) === normalizeValue(usual);
  }
}

/** The value in lower case, without quotes and spaces. */
function normalizeValue(value: string): string {
  return value.toLowerCase().replaceAll(/["\s]/g, '');
}
