import { type Check, type Finding, verdict } from '../../check.ts';
import { isOff, isOn } from './boolean-setting.ts';
import { meaningOf } from './setting-meanings.ts';
import { type RoleSetting, survey } from './survey.ts';

export const sessionSettings: Check = {
  id: 'connect/session-settings',
  title: 'No role, database or server setting overrides session defaults',
  method:
    'Reads the settings of the database, of this role and of the table owners from pg_db_role_setting, and those of the server from pg_settings.',
  why: 'The same code behaves differently on this database, and the code does not show why.',
  remedy: 'ALTER DATABASE … RESET …; or ALTER ROLE … RESET …;',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => {
    const { roleSettings, serverSettings } = await survey(context);
    return verdict([...roleSettings, ...serverSettings].flatMap(toFindings));
  },
};

function toFindings({ scope, name, value, defaultValue }: RoleSetting): Finding[] {
  const meaning = isDefault(value, defaultValue) ? undefined : meaningOf(name, value);
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

/** Whether the value is PostgreSQL's default, which is null for a setting of an extension. */
function isDefault(value: string, defaultValue: string | null): boolean {
  switch (defaultValue) {
    case null:
      return false;
    case 'on':
      return isOn(value);
    case 'off':
      return isOff(value);
    default:
      return normalizeValue(value) === normalizeValue(defaultValue);
  }
}

/** The value in lower case, without quotes and spaces. */
function normalizeValue(value: string): string {
  return value.toLowerCase().replaceAll(/["\s]/g, '');
}
