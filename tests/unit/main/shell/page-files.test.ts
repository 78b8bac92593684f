import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../../../main/api/page-headers.js';
import { pageFiles } from '../../../../main/shell/page-files.js';

let root: string;
let serve: (request: Request) => Response;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'forhal-page-'));
  await mkdir(join(root, 'page/assets'), { recursive: true });
  await writeFile(join(root, 'page/index.html'), '<!doctype html>');
  await writeFile(join(root, 'page/assets/a.js'), 'export {}');
  await writeFile(join(root, 'page/notes.txt'), 'not part of a page');
  await writeFile(join(root, 'secret.json'), '{}');
  serve = pageFiles(join(root, 'page'));
});
afterAll(() => rm(root, { recursive: true }));

const get = (url: string, method = 'GET'): Response => serve(new Request(url, { method }));

describe("the page's own scheme", () => {
  it('serves the page at its root, with its policy', async () => {
    const response = get('app://forhal/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    expect(contentSecurityPolicy).toMatch(/^default-src 'none';/);
  });

  it('serves what lies beside it', async () => {
    const response = get('app://forhal/assets/a.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('export {}');
  });

  it.each([
    ['a file outside', 'app://forhal/../secret.json'],
    ['a file outside, encoded', 'app://forhal/..%2fsecret.json'],
    ['a file outside, twice encoded', 'app://forhal/%252e%252e/secret.json'],
    ['a folder', 'app://forhal/assets/'],
    ['a kind of file that no page is made of', 'app://forhal/notes.txt'],
    ['another host', 'app://elsewhere/'],
  ])('does not serve %s', (_what, url) => {
    expect(get(url).status).toBe(404);
  });

  it('is for reading only', () => {
    expect(get('app://forhal/', 'POST').status).toBe(405);
  });
});
