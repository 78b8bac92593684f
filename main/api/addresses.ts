import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

type From = Pick<IncomingMessage, 'headers' | 'socket'>;

/**
 * Where a request came from: the other end of its connection, or, where that is one of the proxies, the last address of
 * `X-Forwarded-For` that is none of them: the entries before it are whatever the sender wrote there.
 */
export function addressOf({ headers, socket }: From, proxies: readonly string[]): string {
  const trusted = new Set(proxies.map(plain));
  const peer = plain(socket.remoteAddress ?? '');
  if (!trusted.has(peer)) return peer;
  const named = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((entry) => plain(entry.trim()));
  const sender = named.findLast((address) => !trusted.has(address));
  return sender === undefined || isIP(sender) === 0 ? peer : sender;
}

/** Whoever has one address has these too: of IPv6, the network of a site's wire (RFC 4291, 64 bits). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [before = '', after] = address.split('::');
  const first = before === '' ? [] : before.split(':');
  const last = after === undefined || after === '' ? [] : after.split(':');
  const groups = [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An IPv4 address that came over IPv6 is the same one. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
