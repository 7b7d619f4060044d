import { describe, it } from 'node:test';
import { TABLE_16 } from '../../simulator/index.js';
import { withClient } from './playbook-client-bench.js';
import { CLIENT_SUITE } from './playbook-client-suite.js';

for (const { id, name: knob, alternatives } of TABLE_16) {
  for (const answer of alternatives) {
    describe(`Where open question ${id}, ${knob}, is answered by ${answer}`, () => {
      for (const { name, test, knobs, ...options } of CLIENT_SUITE) {
        it(name, () => withClient({ ...options, knobs: { ...knobs, [knob]: answer } }, test));
      }
    });
  }
}
