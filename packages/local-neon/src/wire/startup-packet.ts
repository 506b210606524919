/** The packets that a client may begin with. They have no type byte: a length, a code, and the rest. */

export const CANCEL_REQUEST = 80877102;
export const SSL_REQUEST = 80877103;
export const GSSENC_REQUEST = 80877104;

/** PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
export const STARTUP_PACKET_BYTES_MAX = 10_000;

/** The parameters of a startup packet, given without its length. A packet that was cut off has fewer. */
export function readParameters(body: Buffer): Record<string, string> {
  // Names and values in turn.
  const fields = body.toString('utf8', 4).split('\0');
  const parameters: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length && fields[index]; index += 2) {
    parameters[fields[index]!] = fields[index + 1]!;
  }
  return parameters;
}

/** A CancelRequest: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
export function cancelRequest(processID: number, secretKey: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(CANCEL_REQUEST, 4);
  packet.writeInt32BE(processID, 8);
  packet.writeInt32BE(secretKey, 12);
  return packet;
}
