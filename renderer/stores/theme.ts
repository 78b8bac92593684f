import type { Api } from '../api.js';

/** Gives a page of its own, desk or board, the municipality's colour; asked anew with each connection. */
export function followTheme(api: Api, root: HTMLElement): () => void {
  const dress = ({ settings }: { readonly settings: { readonly primaryColour: string } }): void => {
    root.style.setProperty('--primary', settings.primaryColour);
    root.ownerDocument
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', settings.primaryColour);
  };
  const stops = [
    api.on('kiosk.state', dress),
    api.onConnection((connection) => {
      if (connection !== 'open') return;
      void api.call('kiosk.state', {}).then((answer) => {
        if (answer.ok) dress(answer.value);
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
