"""The constraint components, a module for each section of https://www.w3.org/TR/shacl/#core-components."""
