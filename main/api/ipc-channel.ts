/** The one channel between a window's page and main; text in both directions. */
export const ipcChannel = 'forhal';
