import { createPrivateKey, type KeyObject } from 'node:crypto';

// Made once, because making an RSA key takes up to a second. It signs specimens only: whoever has it can forge nothing
// but demo documents, which no real list of issuers trusts.
const pkcs8 = [
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDpTF+H3+p9oF0EgtrzSbUxj6A6KYbU8NBdu3nMNny79aW5cFQo4sjQ',
  'uolK6/uBJADq8oIC/f6haJHqtHIZSCNehEm9viLqPZHFRh4UTnQkeWrvkN+ueg9+IFOcD4OHeopxElSebE5TwLFoejlyfZoS2c7pEhI9',
  'P6F1I0PE8YyimDTIplWJSpZNKKMPWIz23KMUGCWxlxXX7350vIKfqJbJ9/nEwk29kUfAoQFi2WbOxNJglopFYkPVnwmUdz80N8ZAngo8',
  '+AidDWMi4wIR4/9p/Y1zL37vTyxiAESi73EhwRdLPTLqcr+jzU3X8FQkhq6sWaTATocB6JjUT/2Mkz83AgMBAAECggEAVFKZ7sr0fs6h',
  'ADnpuGiKOK0gbRVIWhvmPBLAbZq+D9O0QCfFC3gYvDTH3dAYee9Q85qOelVinOVmZC4vVUr5Gbb3zkB0bzSsxOBYi99lZC+MgqVa673L',
  'brtxbOVAlY2pjz/gXNhpoSTzGn+e1u5l621VN3GkLQYcLfH+kyb5PWTUeX+4LnamrxV5s+wStj/VyVDGMiBuRAlN2ZC8VfxG+QhK51PX',
  '2XT366A4zDZsuBK2zTFuHj4FfCDI3UkwW+ZYXT/3Hqz+9gHwZYJDUykoenmFjuggyNVfzMKmO8XvD1LKYmIbkdFYoszowHT/ZibkOYZt',
  'ERGNU0Z3fP3b8p3ZQQKBgQD0uPLYMjuPV17Qz1KSjdJAfRhfMhSbOs0YXkltVbxp0++8kDYXN7/4Y6vCFh+J5j0+ETLWsPcFjJvmDHRy',
  'CyAwmwuXectTbVl6/cH9tUh/4XN25plfCWW69Fpd5YJ5tp4IFbK1148mhumPEh/pEAugL4te+PPhLJjWkszKjz/sQQKBgQD0DKa+6XO1',
  'DGKIMCvcrPsPUpv8OQGeRIpA7CjIjy+WUEP+ax9SPCrQDnT9zV/w17KkidVTtgG71UBc27rT+qEDi8r6TT5AiAb30Pm75ic5szI33+B/',
  'vQlgodZk5pxdNIHZSKdnfKEjeQyUkkE6M7SbdcH5B7X3SPVQeISyWBUtdwKBgQDgXTRgHGXYvFy0im+E57uM3mPa2zpjOxzQK5mcQQ+V',
  '4vYX5guBa95350GQluHhdxJM9k2q4eIH12sTFfYonKSti2isPsC4QzfXeBFD/tFyVQucRjz1EdOP/PlgvsvJtTDb7rDC4Ndgli5Jum9B',
  'KTHPceeQciR+HHoft8VELOOJQQKBgHG8v61zwWAcQIN158s1tt/iQR4gNzfae5BcP3mQ+b2U9MtKg1NhBRbn1fA+2bq12+TA8/HKfi5a',
  '6V8dbInEYWv0p4lVnHCYtJ6j/u9qCNfkQsA1jzwZDpjBc9icfT0W7nkkWhhpxfNxQ8KuEsYcOMzG6bq0tEJl9yYktLslP+FrAoGAKZRR',
  'zbkY8ihTYquHxlFsPda2byJZKjjSnsKNtBbPcBPHHT5+K/8zzTYS93ct9X6Xnh3FsC/RQq0xOG84mhC6CQiO1ORPa3mWgIFkDntf1UwG',
  'YFzx0K+0zqW74hlb6cert4kcOKckHyUT5V/EuvnooKCZy77E61jUXRbyQOEQXvk=',
].join('');

/** RSA key of the demo documents' signers, 2048 bits. */
export function demoRsaKey(): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
}
