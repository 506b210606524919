/**
 * The ID of a Neon endpoint, as a client names it that does not tell its host by TLS: among the `options` of the startup packet,
 * or else in front of the password. Neon's proxy takes it out before PostgreSQL sees it, and so it is here, where there is one
 * endpoint for every ID. https://neon.com/docs/connect/connection-errors#the-endpoint-id-is-not-specified
 */
export interface NamedEndpoint {
  /** Without what is the proxy's. */
  readonly packet: Buffer;
  /** Then the password is all password, as on Neon. */
  readonly isNamed: boolean;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: its length, and the version of the protocol. */
const HEADER_BYTES = 8;
const PROTOCOL_MAJOR = 3;

/** PostgreSQL splits options at white space that has no backslash in front of it. */
const OPTION = /(?:\\.|[^ \t\n\v\f\r])+/gs;
const ENDPOINT = /^(?:endpoint|project)=/;
/** Asks the proxy for what this gateway does for everybody: to hand on every parameter of the session. */
const PARAMS_COMPAT = /^neon_proxy_params_compat:/;
const PASSWORD = /^(?:endpoint|project)=[^;$]*[;$]/;

/** Of a whole startup packet; any other first packet is left as it is. */
export function stripEndpoint(packet: Buffer): NamedEndpoint {
  if (packet.readUInt16BE(4) !== PROTOCOL_MAJOR) return { packet, isNamed: false };
  // Bytes as they are, whatever their encoding: names and values in turn.
  const words = packet.toString('latin1', HEADER_BYTES).split('\0');
  let isNamed = false;
  let isChanged = false;
  for (let index = 0; words[index]; index += 2) {
    const options = words[index] === 'options' ? (words[index + 1]?.match(OPTION) ?? []) : [];
    const left = options.filter((option) => !ENDPOINT.test(option) && !PARAMS_COMPAT.test(option));
    if (left.length === options.length) continue;
    words[index + 1] = left.join(' ');
    isNamed ||= options.some((option) => ENDPOINT.test(option));
    isChanged = true;
  }
  if (!isChanged) return { packet, isNamed };
  const changed = Buffer.concat([packet.subarray(0, HEADER_BYTES), Buffer.from(words.join('\0'), 'latin1')]);
  changed.writeUInt32BE(changed.length);
  return { packet: changed, isNamed };
}

/** Of a PasswordMessage, when no endpoint was named before: `endpoint=<id>;<password>`, or a `$` in place of the semicolon. */
export function stripPasswordPrefix(message: Buffer): Buffer {
  const text = message.toString('latin1', 5);
  const password = text.replace(PASSWORD, '');
  if (password === text) return message;
  const changed = Buffer.concat([message.subarray(0, 5), Buffer.from(password, 'latin1')]);
  changed.writeUInt32BE(changed.length - 1, 1);
  return changed;
}
