// Starts run.ts the way start.cjs starts the program.
require('tsx/cjs');
require('./run.ts');
