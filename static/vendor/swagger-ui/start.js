// Ours: starts the reference of the API in place of its plain list. Nothing is asked of another host (no validator).
const place = document.getElementById("reference");
document.documentElement.classList.toggle("dark-mode", matchMedia("(prefers-color-scheme: dark)").matches);
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  defaultModelRendering: "example",
});
