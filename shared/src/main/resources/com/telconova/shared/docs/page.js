// Relative to the page, so that it works at /docs and at /<service>/docs alike.
window.ui = SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#page',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  showExtensions: true,
  validatorUrl: null,
});
