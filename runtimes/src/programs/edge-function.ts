/** The cases, or the reference app if it has an environment, as an edge function. The environment is part of the script. */
import { respondToCase } from '../cases/respond.js';
import { respondWithApi, type ApiEnv } from './api.js';

/** The build replaces this by the environment of the app, or undefined. */
declare const API_ENV: ApiEnv | undefined;

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

addEventListener('fetch', (event) => {
  // The event `fetch` has this type.
  const { request } = event as FetchEvent;
  (event as FetchEvent).respondWith(API_ENV === undefined ? respondToCase(request) : respondWithApi(request, API_ENV));
});
