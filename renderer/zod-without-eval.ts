import { config } from 'zod';

// The content security policy forbids eval; zod would try it for each schema that it compiles. This must run before
// the contract's schemas are made, so it is the first import of the page.
config({ jitless: true });
