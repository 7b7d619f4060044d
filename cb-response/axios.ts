import { createRequire } from 'node:module';
import type { AxiosStatic } from 'axios';

/**
 * axios as the one file that its CommonJS build is: imported, it is 67 modules, and a worker polls some 50 ms later
 * (docs/performance.md).
 */
export const axios = createRequire(import.meta.url)('axios') as AxiosStatic;
