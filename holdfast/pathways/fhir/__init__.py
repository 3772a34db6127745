"""A pathway's questions and its plan as FHIR R4 definitions."""
