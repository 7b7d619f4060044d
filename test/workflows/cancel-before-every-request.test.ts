import { describe } from 'node:test';
import { cancelEverywhere } from './support/cancel-everywhere.js';

describe('A cancel before a request acts', () => cancelEverywhere('before'));
