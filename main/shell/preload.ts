import { contextBridge, ipcRenderer } from 'electron';
import { ipcChannel } from '../api/ipc-channel.js';

// All that the page gets from Electron: text to main, text from main.
contextBridge.exposeInMainWorld('forhal', {
  post: (text: unknown): void => {
    if (typeof text === 'string') ipcRenderer.send(ipcChannel, text);
  },
  on: (callback: (text: string) => void): void => {
    ipcRenderer.on(ipcChannel, (_event, text: unknown) => {
      if (typeof text === 'string') callback(text);
    });
  },
});
