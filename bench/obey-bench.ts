// Loaded into every contender before its own code: collects garbage on request, so that memory is
// compared without it, and ends with the bench, so that no server outlives it.
process.on('message', () => {
  // Twice: what the first run only finds unreachable, the second gives back.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
process.on('disconnect', () => process.exit());
// A contender that has nothing to serve may end.
process.channel?.unref();
