// The import arrows of the house, types included. One table; everything that is not in it is forbidden.
// `rooms`: which rooms of ours a room may import. `lazy`: only by a dynamic import() (their load time must not be
// paid by commands that do not need them). `packages`: its short list; `node`: may it use Node's own modules.
const TEMPORAL = (...names) => names.map((name) => `@temporalio/${name}`);
const TABLE = {
  contract: { rooms: [], packages: [], node: false },
  workflows: { rooms: ['contract'], packages: TEMPORAL('workflow', 'common'), node: false },
  activities: {
    rooms: ['contract', 'cb-response'],
    packages: TEMPORAL('activity', 'client', 'common'),
    node: true,
  },
  'cb-response': { rooms: [], packages: ['axios', 'zod', 'ini', 'https-proxy-agent'], node: true },
  worker: {
    rooms: ['activities', 'cb-response', 'contract'],
    packages: [...TEMPORAL('worker', 'common', 'envconfig'), 'pino', 'yaml'],
    node: true,
  },
  client: { rooms: ['contract'], packages: TEMPORAL('client', 'envconfig'), node: true },
  cli: {
    rooms: ['client', 'contract'],
    lazy: ['worker', 'simulator', 'cb-response'],
    packages: ['commander', 'listr2'],
    node: true,
    finder: true,
  },
  simulator: { rooms: [], packages: ['fastify', 'zod', 'selfsigned'], node: true },
  testing: {
    rooms: ['contract', 'workflows', 'activities', 'cb-response', 'worker', 'client', 'simulator'],
    packages: TEMPORAL('testing', 'worker', 'client', 'workflow', 'activity', 'common'),
    node: true,
    finder: true,
  },
};
const ROOMS = Object.keys(TABLE);
const FINDER = '^scripts/(temporal-binaries|find-secret)\\.(d\\.)?m[jt]s$';
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const inRooms = (names) => `^(${names.map(escaped).join('|')})/`;
const inPackages = (names) => `(^|/)node_modules/(@types/)?(${names.map(escaped).join('|')})/`;

const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

function rulesOf([room, { rooms, lazy = [], packages, node, finder }]) {
  const from = { path: inRooms([room]) };
  const reachable = [inRooms([room, ...rooms, ...lazy]), ...(finder ? [FINDER] : [])];
  const rules = [
    {
      name: `${room}-imports-only`,
      comment: `${room} may import of ours: ${[...rooms, ...lazy.map((l) => `${l} (lazily)`)].join(', ') || 'nothing'}.`,
      severity: 'error',
      from,
      to: { dependencyTypesNot: [...NPM, 'core'], pathNot: [...reachable, '(^|/)node_modules/'] },
    },
    {
      name: `${room}-packages`,
      comment: `${room} may import these packages: ${packages.join(', ') || 'none'}.`,
      severity: 'error',
      from,
      to: { dependencyTypes: NPM, ...(packages.length > 0 ? { pathNot: inPackages(packages) } : {}) },
    },
  ];
  if (lazy.length > 0) {
    rules.push({
      name: `${room}-loads-lazily`,
      comment: `${room} may reach ${lazy.join(', ')} by a dynamic import() only.`,
      severity: 'error',
      from,
      to: { path: inRooms(lazy), dynamic: false },
    });
  }
  if (!node) {
    rules.push({
      name: `${room}-without-node`,
      comment: `${room} runs where there is no Node: no built-in modules.`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['core'] },
    });
  }
  return rules;
}

module.exports = {
  forbidden: [
    ...Object.entries(TABLE).flatMap(rulesOf),
    {
      name: 'rooms-without-tests',
      comment: 'What ships must not import tests, benches or set-up.',
      severity: 'error',
      from: { path: inRooms(ROOMS) },
      to: { path: '^(test|bench|proof|scripts)/', pathNot: FINDER },
    },
    {
      name: 'axios-in-one-room',
      comment: 'Only cb-response talks to the server; tests use plain Node.',
      severity: 'error',
      from: { pathNot: '^cb-response/|(^|/)node_modules/' },
      to: { path: inPackages(['axios']) },
    },
    {
      name: 'set-up-before-packages',
      comment: 'These run before node_modules exists: static imports of packages would break a fresh clone.',
      severity: 'error',
      from: { path: '^scripts/(ensure|temporal-binaries|set-up/[^/]+)\\.mjs$' },
      to: { dependencyTypes: NPM, dynamic: false },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-packages',
      comment: 'A package that package.json does not name.',
      severity: 'error',
      from: { pathNot: '(^|/)node_modules/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'ships-its-packages',
      comment: 'What ships must not need a devDependency.',
      severity: 'error',
      from: { path: inRooms(ROOMS) },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    // The consumer project is no part of the house: it sees the packed tarball only.
    exclude: { path: '^(dist|coverage|\\.temporal|\\.git|test/package/consumer)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
