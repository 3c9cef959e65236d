/// One document for Amazon API Gateway, made of the three services' contracts: OpenAPI 3.0 with its
/// extensions, as a template for Terraform. The local gateway reads the same document.
package com.telconova.local.apigateway;
