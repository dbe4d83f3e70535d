export const prerender = true;
// Kit makes the pages; those that run anything start it themselves, without its router.
export const csr = false;
