"""The FHIR door: R4 resources in and out."""
