// Who may import whom. Types count as imports; node_modules that carry native addons belong to the driver hosts.
const native = ['nfc-pcsc', '@pokusew/pcsclite', 'node-hid', 'serialport', '@serialport', '@napi-rs/canvas'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '^electron$'] },
    },
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|drivers)/', pathNot: '^main/api/contract(\\.ts$|/)' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      from: { path: '^main/api/contract(\\.ts$|/)' },
      to: { pathNot: ['(^|/)zod(/|$)', '^main/api/contract/'] },
    },
    {
      name: 'main-knows-drivers-by-their-types',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: '^drivers/', pathNot: ['^drivers/protocol\\.ts$', '^drivers/.+/types\\.ts$'] },
    },
    {
      name: 'main-loads-no-device-addon',
      severity: 'error',
      from: { path: '^(main|renderer)/' },
      to: { path: native.map((name) => `node_modules/${name}(/|$)`) },
    },
    {
      name: 'drivers-know-no-main-and-no-screen',
      severity: 'error',
      from: { path: '^drivers/' },
      to: { path: '^(main|renderer)/' },
    },
    {
      name: 'a-driver-keeps-to-its-folder',
      severity: 'error',
      from: { path: '^drivers/([^/]+)/', pathNot: '^drivers/(simulated|families)/' },
      to: {
        path: '^drivers/[^/]+/',
        pathNot: ['^drivers/$1/', '^drivers/shared/', '^drivers/.+/types\\.ts$'],
      },
    },
    {
      name: 'a-simulated-device-keeps-to-its-folder',
      severity: 'error',
      from: { path: '^drivers/simulated/([^/]+)/' },
      to: {
        path: '^drivers/[^/]+/',
        pathNot: ['^drivers/simulated/($1|shared)/', '^drivers/shared/', '^drivers/.+/types\\.ts$'],
      },
    },
    {
      name: 'the-database-stays-in-storage',
      severity: 'error',
      from: { path: '^(main|drivers|renderer)/', pathNot: '^main/storage/' },
      to: { path: 'node_modules/(libsql|@libsql|pg)(/|$)' },
    },
    {
      name: 'emrtd-knows-no-reader',
      severity: 'error',
      from: { path: '^drivers/emrtd/' },
      to: { path: ['^drivers/pcsc/', 'node_modules/(nfc-pcsc|@pokusew)/'] },
    },
    {
      name: 'electron-stays-in-the-shell',
      severity: 'error',
      from: { path: '^(main|drivers|renderer)/', pathNot: ['^main/shell/', '^main/index\\.ts$'] },
      to: { path: ['^electron$', 'node_modules/electron/'] },
    },
    {
      name: 'domains-know-no-transport-and-no-shell',
      severity: 'error',
      from: {
        path: '^main/(access|authenticators|chip-check|devices|queue|settings|storage)/',
        pathNot: '^main/chip-check/cli\\.ts$',
      },
      to: { path: ['^main/shell/', '^main/api/(router|ipc|websocket|http)'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'svelte'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.svelte', '.json', '.d.ts'],
    },
  },
};
