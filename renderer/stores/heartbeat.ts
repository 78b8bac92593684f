import type { Api } from '../api.js';

const beatMs = 5_000;

/** What shows that there is a page, and not only a program that runs. */
export interface Page {
  /** Calls back when the next frame is drawn. */
  onNextFrame(drawn: () => void): void;
  /** Whether there is something that a person can go on from. */
  showsScreen(): boolean;
  /** Told of each fault that nothing in the page has caught. Returns the function that stops listening. */
  onFault(listener: () => void): () => void;
}

/** Tells main that the page is alive, as long as it draws, shows a screen and had no fault. Silence is main's sign to start it anew. */
export class Heartbeat {
  readonly #api: Api;
  readonly #page: Page;
  #stopped = false;
  #awaitsFrame = false;

  constructor(api: Api, page: Page) {
    this.#api = api;
    this.#page = page;
  }

  /** Begins; returns how to stop. */
  start(): () => void {
    const stop = (): void => {
      this.#stopped = true;
      clearInterval(timer);
      stopHearing();
    };
    const timer = setInterval(() => this.beat(), beatMs);
    const stopHearing = this.#page.onFault(stop);
    this.beat();
    return stop;
  }

  /** A beat with the next frame. Without frames there is none, and none is made up for later. */
  beat(): void {
    if (this.#stopped || this.#awaitsFrame) return;
    this.#awaitsFrame = true;
    this.#page.onNextFrame(() => {
      this.#awaitsFrame = false;
      if (this.#stopped || !this.#page.showsScreen()) return;
      void this.#api.call('kiosk.heartbeat', {});
    });
  }
}

/** The page of the browser that this runs in. */
export const browserPage: Page = {
  onNextFrame: (drawn) => {
    requestAnimationFrame(drawn);
  },
  showsScreen: () => document.querySelector('main h1, dialog[open]') !== null,
  onFault: (listener) => {
    // What the browser itself complains of, such as a late layout, carries no error.
    const onError = ({ error }: ErrorEvent): void => {
      if (error instanceof Error) listener();
    };
    window.addEventListener('error', onError);
    window.addEventListener('unhandledrejection', listener);
    return () => {
      window.removeEventListener('error', onError);
      window.removeEventListener('unhandledrejection', listener);
    };
  },
};
