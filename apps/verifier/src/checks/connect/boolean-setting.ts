/** Boolean settings: PostgreSQL accepts words, unique prefixes of words, 1 and 0. */

/** Whether the value means on: https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES */
export function isOn(value: string): boolean {
  return /^(on|t|tr|tru|true|y|ye|yes|1)$/i.test(value);
}

/** Whether the value means off. */
export function isOff(value: string): boolean {
  return /^(off?|f|fa|fal|fals|false|n|no|0)$/i.test(value);
}
