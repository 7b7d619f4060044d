// Loaded into a worker before it starts. At SIGWINCH it throws what a library might: an error with a request, and with that the
// token, hanging on it. The file named in the environment holds the token; the environment does not.
import { readFileSync } from 'node:fs';

process.once('SIGWINCH', () => {
  const token = readFileSync(process.env.PROOF_CRASH_FILE, 'utf8');
  const headers = { 'X-Auth-Token': token, url: `https://cb/?auth=${encodeURIComponent(token)}` };
  throw Object.assign(new Error(`request failed: ${JSON.stringify(headers)}`), {
    config: { headers },
    request: { _header: token },
  });
});
