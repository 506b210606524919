/** The cases, or the reference app, as an edge function. The environment of the app is part of the script. */
import { answer } from '../cases/answer.js';
import { answerApi, type ApiEnv } from './api.js';

/** The build replaces this by the environment of the app, or undefined. */
declare const API_ENV: ApiEnv | undefined;

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

addEventListener('fetch', (event) => {
  // The event `fetch` has this type.
  const { request } = event as FetchEvent;
  (event as FetchEvent).respondWith(API_ENV === undefined ? answer(request) : answerApi(request, API_ENV));
});
