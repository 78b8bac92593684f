export { checkChip, type CheckOptions } from './check.js';
export { loadIssuers, type Issuers } from './passive-authentication/index.js';
