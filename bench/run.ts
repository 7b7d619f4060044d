import { measureOverhead } from './parts/overhead.js';
import { measureRequests } from './parts/requests.js';
import { measureStartUp } from './parts/start-up.js';

console.log(JSON.stringify(await measureRequests({ n: 2 }), null, 1));
console.log(JSON.stringify(await measureStartUp({ n: 4 }), null, 1));
console.log(JSON.stringify(await measureOverhead({ n: 10, seed: 1 }), null, 1));
