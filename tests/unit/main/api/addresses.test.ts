import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { addressOf, networkOf } from '../../../../main/api/addresses.js';
import { AddressAllowances } from '../../../../main/api/address-allowances.js';

function from(remoteAddress: string | undefined, forwarded?: string) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const request: unknown = { headers, socket: { remoteAddress } };
  return request as Pick<IncomingMessage, 'headers' | 'socket'>;
}

describe('where a request came from', () => {
  it("is the connection's other end, whatever the request says of itself", () => {
    expect(addressOf(from('198.51.100.7', '192.0.2.1'), [])).toBe('198.51.100.7');
    expect(addressOf(from('198.51.100.7', '192.0.2.1'), ['10.0.0.1'])).toBe('198.51.100.7');
  });

  it.each([
    ['what it tells', '192.0.2.1', '192.0.2.1'],
    ['the last that is no proxy, not what the sender wrote before it', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
    ['what the outermost of several proxies tells', '192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['the proxy, where it tells nothing', undefined, '10.0.0.1'],
    ['the proxy, where it tells no address', 'unknown', '10.0.0.1'],
    ['the proxy, where it names none but proxies', '10.0.0.2', '10.0.0.1'],
    ['an address of IPv6', '2001:db8::1', '2001:db8::1'],
  ])('behind a proxy is %s', (_what, forwarded, address) => {
    expect(addressOf(from('10.0.0.1', forwarded), ['10.0.0.1', '10.0.0.2'])).toBe(address);
  });

  it('is the same address when IPv4 comes over IPv6', () => {
    expect(addressOf(from('::ffff:192.0.2.1'), [])).toBe('192.0.2.1');
    expect(addressOf(from('::ffff:10.0.0.1', '::ffff:192.0.2.1'), ['10.0.0.1'])).toBe('192.0.2.1');
  });

  it('is nowhere for a connection that is gone', () => {
    expect(addressOf(from(undefined), [])).toBe('');
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('allowances by address', () => {
  it('are each for itself, and fill again', () => {
    let now = 0;
    const allowances = new AddressAllowances(2, 1000, () => now);
    const take = () => ['a', 'a', 'a', 'b'].map((address) => allowances.take(address));
    expect(take()).toEqual([true, true, false, true]);
    now = 500;
    expect(allowances.take('a')).toBe(true);
    expect(allowances.take('a')).toBe(false);
  });

  it('are forgotten from the oldest on, so that addresses take no more and more memory', () => {
    const allowances = new AddressAllowances(1, 1000, () => 0);
    for (let n = 0; n < 1000; n++) allowances.take(String(n));
    expect(allowances.take('999')).toBe(false);
    expect(allowances.take('1000')).toBe(true);
    expect(allowances.take('1')).toBe(false);
    expect(allowances.take('0')).toBe(true);
  });
});
