import { checkAgainstModel } from './model/check.js';

checkAgainstModel(0);
