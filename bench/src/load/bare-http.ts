/** `bare-http.js RESPONSE`, the response as JSON: an HTTP server that sends it from memory. Prints its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { headers, body } = JSON.parse(process.argv[2] ?? '') as HttpResponse;
const bytes = Buffer.from(body);
const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(200, headers).end(bytes));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
