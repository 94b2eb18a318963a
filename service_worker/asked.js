// What pages may ask of the worker (`askWorker` in static/js/worker.js), by name: (data) → a value.
const ASKED = {};
