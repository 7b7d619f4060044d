import { describe } from 'node:test';
import { cancelEverywhere } from './support/cancel-everywhere.js';

describe('A cancel after a request has acted', () => cancelEverywhere('after'));
