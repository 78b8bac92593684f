import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A kernel package, unpacked. */
export interface Kernel {
  readonly folder: string;
  readonly version: string;
  readonly image: string;
}

const downloadMs = 180_000;

function lines(command: string, args: readonly string[], options: { cwd?: string } = {}): readonly string[] {
  const output = execFileSync(command, args, {
    ...options,
    encoding: 'utf8',
    timeout: downloadMs,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return output.split('\n');
}

/** The kernel that Debian's `linux-image-amd64` stands for now. */
function packageName(): string {
  const name = lines('apt-cache', ['depends', 'linux-image-amd64'])
    .map((line) => /Depends: (linux-image-\S+)/.exec(line)?.[1])
    .find((found) => found !== undefined);
  if (name === undefined) throw new Error('apt knows no linux-image-amd64');
  return name;
}

/** The newest that is in `cache` already, or else downloaded by apt; it is not installed. */
export function fetchKernel(cache: string): Kernel {
  const kernels = join(cache, 'kernels');
  mkdirSync(kernels, { recursive: true });
  const name = newestOf(kernels) ?? downloadNewest(kernels);
  const folder = join(kernels, name);
  const [version] = readdirSync(join(folder, 'lib/modules'));
  if (version === undefined) throw new Error(`${name} has no modules`);
  return { folder, version, image: join(folder, 'boot', `vmlinuz-${version}`) };
}

function newestOf(kernels: string): string | undefined {
  return readdirSync(kernels)
    .filter((name) => name.startsWith('linux-image-'))
    .sort()
    .at(-1);
}

function downloadNewest(kernels: string): string {
  try {
    return download(kernels, packageName());
  } catch {
    // What apt knew may be gone by now.
    lines('apt-get', ['update', '-qq']);
    return download(kernels, packageName());
  }
}

function download(kernels: string, name: string): string {
  const work = join(kernels, `work-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    lines('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', name], { cwd: work });
    const [archive] = readdirSync(work).filter((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt downloaded no ${name}`);
    const unpacked = join(work, 'unpacked');
    lines('dpkg-deb', ['-x', join(work, archive), unpacked]);
    const [version = ''] = readdirSync(join(unpacked, 'lib/modules'));
    lines('depmod', ['-b', unpacked, version]);
    // All or nothing: what is found under its name later is whole.
    if (!existsSync(join(kernels, name))) renameSync(unpacked, join(kernels, name));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return name;
}
