// Starts main.ts. Loaded this way TypeScript is turned into JavaScript in this very thread; `node --import tsx` does it in
// another one, and the way there and back costs every start an eighth of a second.
require('tsx/cjs');
require('./main.ts').main(process.argv.slice(2), () => ({ ...require('./dock.ts'), ...require('./fleet.ts') }));
