import { measureLastKill } from './parts/last-kill.js';

for (const checkinSeconds of process.argv.slice(3).map(Number)) {
  const { samples, ...rest } = await measureLastKill({ checkinSeconds, n: Number(process.argv[2]), seed: 1 });
  console.log(JSON.stringify(rest, null, 1));
  for (const s of samples) console.log(JSON.stringify(s));
}
