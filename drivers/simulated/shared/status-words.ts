/** Status words that the chip answers with, ISO/IEC 7816-4 section 5.6. */
export const status = {
  success: 0x9000,
  /** Fewer bytes came than were asked for, because the file ended. */
  endOfFile: 0x6282,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  logicalChannelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  chainingNotSupported: 0x6884,
  securityStatusNotSatisfied: 0x6982,
  conditionsNotSatisfied: 0x6985,
  noCurrentFile: 0x6986,
  secureMessagingObjectMissing: 0x6987,
  secureMessagingObjectWrong: 0x6988,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  wrongParameters: 0x6a86,
  referencedDataNotFound: 0x6a88,
  offsetBeyondFile: 0x6b00,
  instructionNotSupported: 0x6d00,
  classNotSupported: 0x6e00,
} as const;
export type StatusWord = (typeof status)[keyof typeof status];
