/** The cases as an edge function. */
import { answer } from '../cases/answer.js';

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

addEventListener('fetch', (event) => {
  // The only event of that name.
  const { request } = event as FetchEvent;
  (event as FetchEvent).respondWith(answer(request));
});
