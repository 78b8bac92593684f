declare module 'write-file-atomic' {
  /** Writes beside the file, syncs and renames, so that a power cut leaves the old file or the new one. */
  export default function writeFileAtomic(
    file: string,
    data: string,
    options: { readonly mode: number },
  ): Promise<void>;
}
