import { type Check, type Finding, verdict } from '../../check.ts';
import { isOff } from './boolean-setting.ts';
import { type Survey, survey } from './survey.ts';

export const writable: Check = {
  id: 'connect/writable',
  title: 'The database accepts writes',
  method: 'Reads whether the server is a replica and whether sessions start read-only.',
  why: 'Every write fails (SQLSTATE 25006, read_only_sql_transaction).',
  remedy: 'Use the URL of the primary, or reset default_transaction_read_only.',
  mode: 'reads',
  needs: ['connect/auth'],
  run: async (context) => verdict(toFindings(await survey(context))),
};

export function toFindings({ isInRecovery, isReadOnly, roleSettings }: Survey): Finding[] {
  if (isInRecovery) return [{ have: 'a read replica', want: 'the primary' }];
  const overrides = roleSettings.filter(({ name, value }) => name === SETTING && !isOff(value));
  if (overrides.length > 0) {
    return overrides.map(({ scope, value }) => ({
      have: `${SETTING} ${value} for ${scope}`,
      want: `${SETTING} off`,
      fix: `ALTER ${scope} RESET ${SETTING};`,
    }));
  }
  return isReadOnly === 'on' ? [{ have: `${SETTING} on`, want: `${SETTING} off` }] : [];
}

const SETTING = 'default_transaction_read_only';
