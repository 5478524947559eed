// The API for people to read, drawn by Swagger UI. Reading may be tried out; writing is left to programs.
const place = document.getElementById("api");
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.description,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  defaultModelExpandDepth: 3,
  defaultModelRendering: "model",
  supportedSubmitMethods: ["get"],
  validatorUrl: null,
});
