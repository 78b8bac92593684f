import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/**
 * What the product takes from node:crypto. Each is in Electron's Node too, which stands on BoringSSL: that has neither
 * brainpool curves nor single DES, and RSA keys of odd sizes are refused there.
 */
const allowed = new Set([
  'createCipheriv',
  'createDecipheriv',
  'createHash',
  'randomBytes',
  'randomInt',
  'randomUUID',
  // Answers the same in Electron: seen in one of Node 16.
  'scrypt',
  'timingSafeEqual',
  // Tells whether a certificate and a key go together, RSA and P-256: seen in Electron's Node 16 as well.
  'X509Certificate',
  // The simulated chip signs its own documents.
  'KeyObject',
  'constants',
  'createPrivateKey',
  'createPublicKey',
  'sign',
]);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file));
}

/** Names that a source imports from node:crypto; `*` when it takes the whole module, in whatever way. */
function importsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && /^(node:)?crypto$/.test(node.text)) {
      const clause = ts.isImportDeclaration(node.parent) ? node.parent.importClause : undefined;
      const bindings = clause?.namedBindings;
      if (bindings !== undefined && ts.isNamedImports(bindings) && clause?.name === undefined) {
        names.push(...bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text));
      } else {
        names.push('*');
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

describe('the product', () => {
  it('takes nothing from node:crypto that only OpenSSL has', () => {
    const used = [...sources('main'), ...sources('drivers')].flatMap(importsOf);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !allowed.has(name))).toEqual([]);
  });

  it('names no block cipher but triple DES and AES', () => {
    const symmetric = readFileSync(join(root, 'drivers/shared/crypto/symmetric.ts'), 'utf8');
    const named = symmetric.match(/['`][a-z0-9-]+(\$\{[^}]*\})?-(cbc|ecb|ctr|gcm)['`]/g) ?? [];
    expect([...new Set(named)].toSorted()).toEqual(["'des-ede3-cbc'", '`aes-${key.length * 8}-cbc`']);
  });
});
