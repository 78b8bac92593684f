import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const path = fileURLToPath(new URL('../../../../main/api/contract.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const config = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file));
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, dirname(`${root}tsconfig.json`));

/** What the compiler says of the contract with one more method in it. */
function complaints(method: string): string[] {
  const before = 'export const methods = {\n';
  const source = readFileSync(path, 'utf8');
  expect(source).toContain(before);
  const changed = source.replace(before, `${before}${method}`);
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (file) => (file === path ? changed : read(file));
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === path ? ts.createSourceFile(file, changed, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
  const program = ts.createProgram([path], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the contract', () => {
  it('takes a method that says who may call it', () => {
    expect(complaints("'x.y': { roles: ['staff'], input: empty, output: empty },\n")).toEqual([]);
  }, 120_000);

  it.each([
    ['without roles', "'x.y': { input: empty, output: empty },\n"],
    ['with no role', "'x.y': { roles: [], input: empty, output: empty },\n"],
    ['with a role that there is not', "'x.y': { roles: ['admin'], input: empty, output: empty },\n"],
  ])(
    'does not compile with a method %s',
    (_what, method) => {
      expect(complaints(method).join(' ')).toMatch(/roles|admin|0 element/);
    },
    120_000,
  );
});
