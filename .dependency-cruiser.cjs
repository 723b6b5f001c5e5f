/**
 * The import rules of ARCHITECTURE.md: stages import only what is left of them, edges import stages and never each other,
 * the top wires. Types count as much as values.
 */
const stages = ['sql', 'record', 'analysis', 'statistics', 'investigation', 'report'];
const edges = [
  'capture/typeorm',
  'capture/cache-manager',
  'explain',
  'cache',
  'context',
  'telemetry',
  'admin',
  'cli',
  'shadow',
  'health',
  'testing',
  'redis',
  'graphql',
];
const NEST_SUFFIX =
  '[.](module|module-definition|service|controller|guard|middleware|interceptor|decorator|health)[.]ts$';
const anyOf = (names) => `(${names.join('|')})`;
const PURE = `^lib/${anyOf(stages)}/`;

/** Matches a package where it is installed, and its bare name where it is not. */
const packageNamed = (...names) => `(^|node_modules/)${anyOf(names)}(/|$)`;

/** Edges that exist to combine others, behind an entry point of their own. */
const mayAlsoImport = {
  cache: ['context', 'capture/cache-manager'],
  testing: ['context', 'capture/typeorm', 'capture/cache-manager'],
  graphql: ['capture/typeorm'],
  cli: ['shadow'],
  shadow: ['explain'],
};

const rules = [
  {
    name: 'no-cycles',
    comment: 'Cycles, type imports included, make a file impossible to understand alone.',
    from: { path: '^lib/' },
    to: { circular: true },
  },
  ...stages.map((stage, index) => ({
    name: `stage-${stage}`,
    comment: `${stages.join(' <- ')}: a stage imports only what is left of it.`,
    from: { path: `^lib/${stage}/` },
    to: { path: '^lib/', pathNot: `^lib/${anyOf(stages.slice(0, index + 1))}/` },
  })),
  ...edges.map((edge) => ({
    name: `edge-${edge.replace('/', '-')}`,
    comment: 'An edge knows one foreign thing, so it imports stages and never another edge.',
    from: { path: `^lib/${edge}/` },
    to: {
      path: `^lib/${anyOf(edges.filter((other) => other !== edge && !mayAlsoImport[edge]?.includes(other)))}/`,
    },
  })),
  {
    name: 'only-the-top-wires',
    comment:
      'Edges may read options, how they are checked, and error codes, and inject the service; the pipeline and the module import them.',
    from: { path: `^lib/${anyOf([...edges, 'capture'])}/` },
    to: {
      path: '^lib/[^/]+[.]ts$',
      pathNot: '^lib/(options|option-checks|errors|version|query-lens[.]service)[.]ts$',
    },
  },
  {
    name: 'pure-packages',
    comment: 'A pure stage needs no framework, ORM or I/O. The sketch library is arithmetic.',
    from: { path: PURE },
    to: {
      dependencyTypesNot: ['local', 'type-only', 'core'],
      pathNot: packageNamed('@datadog/sketches-js'),
    },
  },
  {
    name: 'pure-types',
    from: { path: PURE },
    to: { path: packageNamed('@nestjs', 'typeorm', '@opentelemetry', 'pg') },
  },
  {
    name: 'pure-built-ins',
    comment: 'Hashing is a function; files, sockets, timers and the process are not.',
    from: { path: PURE },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
  },
  {
    name: 'nest-suffix',
    comment: 'The suffix is the licence to import Nest.',
    from: { path: '^lib/', pathNot: NEST_SUFFIX },
    to: { path: packageNamed('@nestjs') },
  },
  {
    name: 'typeorm-only-in-its-edge',
    from: { path: '^lib/', pathNot: '^lib/(capture/typeorm|testing|graphql)/' },
    to: { path: packageNamed('typeorm', '@nestjs/typeorm') },
  },
  {
    name: 'opentelemetry-only-in-its-edge',
    comment: 'Context reads the active span, so that a unit knows its trace.',
    from: { path: '^lib/', pathNot: '^lib/(telemetry|context)/' },
    to: { path: packageNamed('@opentelemetry') },
  },
  {
    name: 'optional-peers-behind-their-entry-point',
    from: { path: '^lib/', pathNot: '^lib/(health|cache|graphql)/' },
    to: {
      path: packageNamed(
        '@nestjs/terminus',
        '@nestjs/cache-manager',
        'cache-manager',
        'keyv',
        '@nestjs/typeorm',
        'dataloader',
      ),
    },
  },
  {
    name: 'no-platform',
    comment: 'The host chooses its platform; the library works without any of them.',
    from: { path: '^lib/' },
    to: {
      path: packageNamed(
        'express',
        'fastify',
        'graphql',
        'bull',
        'bullmq',
        'pg',
        'mysql2',
        '@apollo',
        '@nestjs/(platform-[^/]+|graphql|apollo|mercurius|bull|bullmq|microservices|websockets|schedule|event-emitter)',
      ),
    },
  },
  {
    name: 'no-dev-dependency',
    comment: 'What the library imports is a dependency or a peer of its users.',
    from: { path: '^lib/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'] },
  },
  {
    name: 'no-unresolvable',
    from: { path: '^lib/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'library-stands-alone',
    from: { path: '^lib/' },
    to: { path: '^(test|sample|bench|scripts)/' },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
