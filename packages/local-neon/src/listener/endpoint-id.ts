/**
 * Removes the ID of a Neon endpoint from a login, as Neon's proxy does. A client without TLS SNI sends it in the
 * `options` of the startup packet or in front of the password. The ID is not checked, because this server is one
 * endpoint. https://neon.com/docs/connect/connection-errors#the-endpoint-id-is-not-specified
 */
export interface NamedEndpoint {
  /** Without the proxy's options. */
  readonly packet: Buffer;
  /** Whether the options named an endpoint. Then the password has no prefix, as on Neon. */
  readonly hasEndpoint: boolean;
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: the length and the protocol version. */
const HEADER_BYTES = 8;
const PROTOCOL_MAJOR = 3;

/** PostgreSQL splits options at white space, except after a backslash. */
const OPTION = /(?:\\.|[^ \t\n\v\f\r])+/gs;
const ENDPOINT = /^(?:endpoint|project)=/;
/** Asks Neon's proxy to pass on all session parameters, which this server always does. */
const PARAMS_COMPAT = /^neon_proxy_params_compat:/;
/** `endpoint=<id>;` or `endpoint=<id>$` in front of a password. */
const PASSWORD_PREFIX = /^(?:endpoint|project)=[^;$]*[;$]/;

/** Removes the endpoint from a complete startup packet. Returns any other first packet unchanged. */
export function stripEndpoint(packet: Buffer): NamedEndpoint {
  if (packet.readUInt16BE(4) !== PROTOCOL_MAJOR) return { packet, hasEndpoint: false };
  // Names and values in turn. latin1 keeps the bytes of any encoding.
  const fields = packet.toString('latin1', HEADER_BYTES).split('\0');
  let hasEndpoint = false;
  let isChanged = false;
  for (let index = 0; fields[index]; index += 2) {
    const options = fields[index] === 'options' ? (fields[index + 1]?.match(OPTION) ?? []) : [];
    const kept = options.filter((option) => !ENDPOINT.test(option) && !PARAMS_COMPAT.test(option));
    if (kept.length === options.length) continue;
    fields[index + 1] = kept.join(' ');
    hasEndpoint ||= options.some((option) => ENDPOINT.test(option));
    isChanged = true;
  }
  if (!isChanged) return { packet, hasEndpoint };
  const changed = Buffer.concat([packet.subarray(0, HEADER_BYTES), Buffer.from(fields.join('\0'), 'latin1')]);
  changed.writeUInt32BE(changed.length);
  return { packet: changed, hasEndpoint };
}

/** Removes the endpoint from a PasswordMessage. For a login whose options name no endpoint. */
export function stripPasswordPrefix(message: Buffer): Buffer {
  const text = message.toString('latin1', 5);
  const password = text.replace(PASSWORD_PREFIX, '');
  if (password === text) return message;
  const changed = Buffer.concat([message.subarray(0, 5), Buffer.from(password, 'latin1')]);
  changed.writeUInt32BE(changed.length - 1, 1);
  return changed;
}
