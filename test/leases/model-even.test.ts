// Alone in its process: it is the longest there is.
import { checkAgainstModel } from './model/check.js';

checkAgainstModel(0);
