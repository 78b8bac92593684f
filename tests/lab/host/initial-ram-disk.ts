import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Kernel } from './kernel.js';

/** As many USB sockets as there are devices that are plugged and unplugged. */
export const sockets = 5;

const modules = [
  // this machine's files, and the channel to the host
  ...['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console'],
  // sockets and both ends of the cables
  ...['dummy_hcd', 'libcomposite', 'usb_f_hid', 'usb_f_acm', 'usb_f_printer'],
  ...['xhci_pci', 'usbhid', 'hid-generic', 'cdc-acm', 'usblp'],
];

const folders = ['bin', 'proc', 'sys', 'dev', 'modules'];
const applets = ['sh', 'mount', 'insmod', 'mkdir', 'echo', 'env', 'chroot', 'poweroff'];

/** Module files with all that they need, in the order to load them; what the kernel has built in has none. */
function moduleFiles({ folder, version }: Kernel): readonly string[] {
  const files = modules.flatMap((name) =>
    execFileSync('modprobe', ['-d', folder, '-S', version, '--show-depends', name], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []),
  );
  return [...new Set(files)];
}

/**
 * This machine's files, read-only, below what the guest writes, which stays in its memory. Then udev, which gives
 * serial ports their USB ids, and the guest's program.
 */
function initScript(program: readonly string[]): string {
  const inside =
    'chroot /root env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root';
  const quoted = program.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');
  return `#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do
  case "$module" in
    *dummy_hcd.ko) insmod "$module" num=${sockets} ;;
    *) insmod "$module" ;;
  esac || echo "module failed: $module"
done
mkdir -p /below /above /root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose host /below
mount -t tmpfs above /above
mkdir -p /above/upper /above/work
mount -t overlay -o lowerdir=/below,upperdir=/above/upper,workdir=/above/work all /root
mkdir -p /root/proc /root/sys /root/dev /root/run /root/tmp
mount -t proc proc /root/proc
mount -t sysfs sys /root/sys
mount --move /dev /root/dev
mount -t configfs config /root/sys/kernel/config
mount -t tmpfs run /root/run
${inside} SYSTEMD_IGNORE_CHROOT=1 /lib/systemd/systemd-udevd --daemon
${inside} SYSTEMD_IGNORE_CHROOT=1 udevadm trigger
${inside} SYSTEMD_IGNORE_CHROOT=1 udevadm settle --timeout=30
${inside} ${quoted}
echo "guest program ended: $?"
poweroff -f
`;
}

/** Writes the first file system of the guest, which ends in running `program`; returns its path. */
export function makeInitialRamDisk(folder: string, kernel: Kernel, program: readonly string[]): string {
  const tree = join(folder, 'initrd');
  for (const name of folders) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(tree, 'bin', applet));
  for (const [index, file] of moduleFiles(kernel).entries()) {
    copyFileSync(file, join(tree, 'modules', `${String(index).padStart(3, '0')}-${basename(file)}`));
  }
  const init = join(tree, 'init');
  writeFileSync(init, initScript(program));
  chmodSync(init, 0o755);
  const list = execFileSync('find', [...folders, 'init'], { cwd: tree, encoding: 'utf8' });
  const archive = spawnSync('cpio', ['--quiet', '-o', '-H', 'newc'], {
    cwd: tree,
    input: list,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (archive.status !== 0) throw new Error(`cpio failed: ${archive.stderr.toString()}`);
  const path = join(folder, 'initrd.gz');
  writeFileSync(path, gzipSync(archive.stdout, { level: 1 }));
  return path;
}
