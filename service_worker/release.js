// A newer release waits until somebody takes it (new-release): nothing changes under an open page by itself.
ASKED.skip = () => skipWaiting();
